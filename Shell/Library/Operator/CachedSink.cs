using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Shell.Kubernetes;

namespace Kollect.Shell.Operator;

/// <summary>One sink.</summary>
internal sealed class CachedSink(ObjectName name, SinkObject latest) : CachedObject<SinkObject>(name, latest)
{
    private volatile IReadOnlyList<SecretVersion>? secrets;

    /// <summary>Those of the last reconcile, without their content; null before the first.</summary>
    public IReadOnlyList<SecretVersion>? Secrets
    {
        get => secrets;
        set => secrets = value;
    }

    /// <summary>What the last decision left. Reconciles of one sink never overlap.</summary>
    public SinkState State { get; set; } = SinkState.Initial;

    /// <summary>What exports may build on.</summary>
    public SinkObservation Observation => Secrets is { } versions
        ? new SinkObservation.Present(Latest, SinkSecrets.VersionsOf(versions))
        : new SinkObservation.NotYet();
}
