using Kollect.Core.Kubernetes;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator;

/// <summary>The effects of one observation of a sink.</summary>
/// <param name="Status">None = the status stays as it is, and nothing is written.</param>
/// <param name="Events">The changes since the last decision.</param>
/// <param name="ClearAnnotations">Annotations of finished requests, to be removed.</param>
internal sealed record SinkDecision(
    Option<KollectDatabaseSinkStatus> Status, Seq<ObjectEvent> Events, Seq<string> ClearAnnotations, Requeue Next, SinkState State)
{
    /// <summary>To be set; None = they stay as they are.</summary>
    public Option<Seq<string>> Finalizers { get; init; } = None;
}

/// <summary>The time of the next decision. Closed. A changed sink or Secret always leads to a decision.</summary>
internal abstract record Requeue
{
    private Requeue() { }

    /// <summary>Run the probe, then decide again with its result.</summary>
    public sealed record AfterProbe(Sink Sink) : Requeue;

    /// <summary>Decide again at this time.</summary>
    public sealed record After(DateTimeOffset Time) : Requeue;

    /// <summary>Decide again only when something changes.</summary>
    public sealed record Never : Requeue;
}
