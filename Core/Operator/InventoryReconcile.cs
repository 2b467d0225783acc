using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>The reconcile loop of an inventory without its effects: what is seen and what has ended -> what to write, what to start, what to break off.</summary>
/// <remarks>
/// A place stands in the status before the first row is written there, and the finalizer on the object: so no row is ever left that nobody remembers.
/// Exports to a place and removals from it never run together.
/// </remarks>
public static class InventoryReconcile
{
    /// <summary>Keeps an inventory until its rows are removed.</summary>
    public const string Finalizer = "kollect.dev/inventory-cleanup";

    /// <summary>One look. Deciding twice from the same facts writes and starts nothing the second time.</summary>
    /// <param name="seen">The inventory and all around it.</param>
    /// <param name="state">What the last decision left; after a start <see cref="InventoryState.Restored"/>.</param>
    /// <param name="breakers">Of all sinks, as the last decision about any inventory left them.</param>
    /// <param name="timeout">How long a removal is tried.</param>
    /// <param name="now">When.</param>
    /// <param name="jitter">0 to 1, anew for each decision.</param>
    public static InventoryDecision Decide(
        InventoryObservation seen, InventoryState state, SinkBreakers breakers, TimeSpan timeout, DateTimeOffset now, double jitter)
    {
        var ended = seen.Completed.Fold(new InventoryProgress(state, breakers), (progress, end) => progress.After(end, seen.Object.Name, now, jitter));
        var look = new InventoryDecider(seen, timeout, now, jitter);
        var decision = seen.Object.Metadata.DeletionTimestamp is not null ? look.Deleting(ended)
            : seen.Object.Spec.Match(Right: inventory => look.Keeping(ended, inventory), Left: problems => look.Invalid(ended, problems));
        return decision with { BreakersChanged = ChangedBreakers(seen.Completed, breakers, decision.Breakers) };
    }

    private static Seq<SinkName> ChangedBreakers(Seq<Completion> ends, SinkBreakers before, SinkBreakers after) => ends
        .Choose(end => end switch
        {
            Completion.Export it => Some(it.Sink),
            Completion.ExportCancelled it => it.Sink,
            _ => Option<SinkName>.None,
        })
        .Filter(sink => before.Find(sink).Map(it => it.State.GetType()) != after.Find(sink).Map(it => it.State.GetType()))
        .Strict();
}
