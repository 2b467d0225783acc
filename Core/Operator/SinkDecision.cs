using Kollect.Core.Kubernetes;
using Kollect.Core.Models;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>One sink as the API server holds it, with what its probe depends on.</summary>
/// <param name="Sink">As it was read; its status is the one of the last write.</param>
/// <param name="Structural">What the reader objected to.</param>
/// <param name="SecretVersions">See <see cref="SinkSecrets.VersionsOf"/>; empty = the sink names no Secret.</param>
public sealed record ObservedSink(KollectDatabaseSink Sink, Seq<StructuralProblem> Structural, string SecretVersions)
{
    /// <summary>What a probe of this observation would stand for.</summary>
    public ProbedState State => new(Sink.Metadata.Uid ?? "", Sink.Metadata.Generation ?? 0, SecretVersions);
}

/// <summary>All that follows from one look at a sink.</summary>
/// <param name="Status">None = the status stays as it is, and nothing is written.</param>
/// <param name="Events">What has changed since the last look.</param>
/// <param name="ClearAnnotations">Requests that have been met.</param>
/// <param name="Next">When to look again.</param>
/// <param name="State">For the next look.</param>
public sealed record SinkDecision(
    Option<KollectDatabaseSinkStatus> Status, Seq<ObjectEvent> Events, Seq<string> ClearAnnotations, Requeue Next, SinkState State);

/// <summary>When to look again. Closed. A changed sink or Secret is looked at in any case.</summary>
public abstract record Requeue
{
    private Requeue() { }

    /// <summary>Run the probe, then decide again with its result.</summary>
    /// <param name="Sink">What to probe.</param>
    public sealed record AfterProbe(Sink Sink) : Requeue;

    /// <summary>At this time.</summary>
    public sealed record After(DateTimeOffset Time) : Requeue;

    /// <summary>Only when something changes.</summary>
    public sealed record Never : Requeue;
}
