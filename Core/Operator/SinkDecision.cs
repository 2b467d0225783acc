using Kollect.Core.Kubernetes;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>All that follows from one observation of a sink.</summary>
/// <param name="Status">None = the status stays as it is, and nothing is written.</param>
/// <param name="Events">What has changed since the last decision.</param>
/// <param name="ClearAnnotations">Requests that have been met.</param>
/// <param name="Next">When to decide again.</param>
/// <param name="State">For the next decision.</param>
public sealed record SinkDecision(
    Option<KollectDatabaseSinkStatus> Status, Seq<ObjectEvent> Events, Seq<string> ClearAnnotations, Requeue Next, SinkState State);

/// <summary>When to decide again. Closed. A changed sink or Secret leads to a decision in any case.</summary>
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
