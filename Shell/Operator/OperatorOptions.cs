using Kollect.Core.Network;
using Kollect.Core.Secrets;

namespace Kollect.Shell.Operator;

/// <summary>How an operator host wants its controllers to behave.</summary>
public sealed record OperatorOptions
{
    /// <summary>Watch only this namespace; empty = all.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>May a sink use a Secret of another namespace?</summary>
    public CrossNamespacePolicy CrossNamespaceSecrets { get; init; } = CrossNamespacePolicy.Allow;

    /// <summary>Where sinks may connect to.</summary>
    public DialPolicy Dial { get; init; } = new(AllowLoopback: false, DenyPrivate: false);

    /// <summary>Probes at once; those of destinations that failed last have a quarter of that for themselves.</summary>
    public int MaxConcurrentProbes { get; init; } = 64;

    /// <summary>Who reports events and holds the lease: the name of the pod.</summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>Run only while holding a Lease; false = this is the only replica.</summary>
    public bool LeaderElection { get; init; } = true;

    /// <summary>Where the Lease lies; empty = the namespace of the operator itself.</summary>
    public string LeaseNamespace { get; init; } = "";

    /// <summary>Name of the Lease.</summary>
    public string LeaseName { get; init; } = "kollect-operator";
}
