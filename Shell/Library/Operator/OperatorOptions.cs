using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Shell.Collection;

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

    /// <summary>Exports at once; through sinks that failed last a quarter of that, for themselves.</summary>
    public int MaxConcurrentExports { get; init; } = 16;

    /// <summary>An export that takes longer is broken off, and tried again later; waiting for its turn does not count.</summary>
    public TimeSpan ExportTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long rows that an inventory leaves behind are tried to be removed, before they are left there and the object goes.</summary>
    public TimeSpan CleanupTimeout { get; init; } = Waits.Cleanup;

    /// <summary>Who reports events and holds the lease: the name of the pod.</summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>Run only while holding a Lease; false = this is the only replica.</summary>
    public bool LeaderElection { get; init; } = true;

    /// <summary>Where the Lease lies; empty = the namespace of the operator itself.</summary>
    public string LeaseNamespace { get; init; } = "";

    /// <summary>What collecting has to know of it.</summary>
    internal CollectionOptions Collection => new(Namespace, Instance);

    /// <summary>Name of the Lease.</summary>
    public string LeaseName { get; init; } = "kollect-operator";
}
