using Kollect.Core.Models;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Operator;
using Kollect.Shell.Kubernetes;

namespace Kollect.Shell.Operator;

/// <summary>One sink.</summary>
internal sealed class CachedSink(ObjectName name, SinkText latest) : CachedObject<SinkText>(name, latest)
{
    private volatile IReadOnlyList<SecretVersion>? secrets;

    /// <summary>What the last pass was made with, without its content; null before the first.</summary>
    public IReadOnlyList<SecretVersion>? Secrets
    {
        get => secrets;
        set => secrets = value;
    }

    /// <summary>What the last decision left. Passes of one sink never overlap.</summary>
    public SinkState State { get; set; } = SinkState.Initial;

    /// <summary>What exports may build on.</summary>
    public SinkObservation Observation => Secrets is { } versions
        ? new SinkObservation.Present(new ObservedSink(Latest.Sink, Latest.Structural, SinkSecrets.VersionsOf(versions)))
        : new SinkObservation.NotYet();
}

/// <summary>A sink with what the reader objected to.</summary>
internal sealed record SinkText(KollectDatabaseSink Sink, Seq<StructuralProblem> Structural) : IWatchedObject<SinkText>
{
    public ObjectMeta Metadata => Sink.Metadata;

    public static SinkText? Read(byte[] json) => KollectDatabaseSink.ReadJson(json, out var structural) is { } sink ? new SinkText(sink, structural) : null;

    public bool AsksForLook(SinkText after) => SinkReconcile.AsksForLook(Sink, after.Sink);
}
