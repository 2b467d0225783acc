using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Operator.Kubernetes;

namespace Kollect.Operator.Controllers;

/// <summary>The Secrets of a sink as they were read, without their content.</summary>
internal sealed record SecretsRead(IReadOnlyList<SecretVersion> Versions, DateTimeOffset At)
{
    public SecretsRead(Seq<SecretReadResult> read, DateTimeOffset at)
        : this([.. read.Map(it => new SecretVersion(it.Secret, it.Version))], at)
    {
    }

    /// <summary>See <see cref="SinkSecrets.VersionsOf"/>.</summary>
    public string Text { get; } = SinkSecrets.VersionsOf(Versions);
}

/// <summary>One sink.</summary>
internal sealed class CachedSink(ObjectName name, SinkObject latest) : CachedObject<SinkObject>(name, latest)
{
    private volatile SecretsRead? secrets;
    private volatile bool hasExported;
    private volatile bool isObserved;
    private long exportsFailSince; // UTC ticks; 0 = the last export did not fail

    /// <summary>Those of the last reconcile; null before the first.</summary>
    public SecretsRead? Secrets => secrets;

    /// <summary>The state after the last decision. Reconciles of one sink never overlap.</summary>
    public SinkState State { get; set; } = SinkState.Initial;

    /// <summary>Since when a user may be about to correct a Secret, because probes or exports fail with it; None = nothing indicates it.</summary>
    public Option<DateTimeOffset> SecretsExpectedSince => Interlocked.Read(ref exportsFailSince) is var ticks and > 0
        ? new DateTimeOffset(ticks, TimeSpan.Zero)
        : State.SecretsExpectedSince;

    /// <summary>The observation that exports use.</summary>
    public SinkObservation Observation => Secrets is { } read
        ? new SinkObservation.Present(Latest, read.Text)
        : new SinkObservation.NotYet();

    /// <summary>True = an inventory has asked for <see cref="Observation"/>: its Secrets are read, also where another replica writes its status.</summary>
    public bool IsObserved
    {
        get => isObserved;
        set => isObserved = value;
    }

    /// <summary>Takes what a reconcile has read. With other Secrets exports may work again.</summary>
    public void Read(SecretsRead read)
    {
        if (secrets?.Text != read.Text)
            Interlocked.Exchange(ref exportsFailSince, 0);
        secrets = read;
    }

    /// <summary>An export has succeeded since the last probe began.</summary>
    public bool HasExported => hasExported;

    /// <summary>The first export has created what the last probe reported as missing.</summary>
    public bool IsOutdated => HasExported && State.IsProvisional;

    /// <summary>Takes the end of an export.</summary>
    public void Exported(bool hasFailed, DateTimeOffset now)
    {
        hasExported |= !hasFailed;
        if (!hasFailed)
            Interlocked.Exchange(ref exportsFailSince, 0);
        else
            Interlocked.CompareExchange(ref exportsFailSince, now.UtcTicks, 0);
    }

    /// <summary>A probe begins.</summary>
    public void Probing() => hasExported = false;
}
