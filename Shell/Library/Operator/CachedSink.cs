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

    /// <summary>The state after the last decision. Reconciles of one sink never overlap.</summary>
    public SinkState State { get; set; } = SinkState.Initial;

    /// <summary>The observation that exports use.</summary>
    public SinkObservation Observation => Secrets is { } versions
        ? new SinkObservation.Present(Latest, SinkSecrets.VersionsOf(versions))
        : new SinkObservation.NotYet();
}
