using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>The reconcile of an inventory without its effects: observation -> writes, starts and cancellations.</summary>
/// <remarks>
/// The status names a location, and the object has the finalizer, before the first row is written there: so every row stays known. A new location is
/// probed before that: a destination that never answered has no row, delays no deletion, and no restart of the operator makes that uncertain. Between
/// the two the sink is protected: <see cref="SinkProtection"/>.
/// Exports to a location and removals from it never run at the same time.
/// </remarks>
internal static class InventoryReconcile
{
    /// <summary>Keeps an inventory until its rows are removed.</summary>
    public const string Finalizer = "kollect.dev/inventory-cleanup";

    /// <summary>One decision. Deciding again from an observation of what was written and started writes and starts nothing.</summary>
    /// <param name="observed">The inventory and all facts that the decision depends on.</param>
    /// <param name="state">The state of the last decision; after a start <see cref="InventoryState.Restored"/>.</param>
    /// <param name="breakers">Of all sinks, after the last decision about any inventory.</param>
    /// <param name="timeout">The time after which a removal is given up.</param>
    /// <param name="jitter">0 to 1, anew for each decision.</param>
    public static InventoryDecision Decide(
        InventoryObservation observed, InventoryState state, SinkBreakers breakers, TimeSpan timeout, DateTimeOffset now, double jitter)
    {
        var progress = observed.Completed.Fold(new InventoryProgress(state, breakers), (known, end) => known.After(end, observed.Object.Name, now, jitter));
        var decider = new InventoryDecider(observed, timeout, now, jitter);
        var decision = observed.Object.Metadata.DeletionTimestamp is not null ? decider.Delete(progress)
            : observed.Object.Spec.Match(Right: inventory => decider.Export(progress, inventory), Left: problems => decider.Reject(progress, problems));
        return decision with { BreakersChanged = ChangedBreakers(observed.Completed, breakers, decision.Breakers) };
    }

    private static Seq<SinkName> ChangedBreakers(Seq<Completion> ends, SinkBreakers before, SinkBreakers after) => ends
        .Choose(end => end switch
        {
            Completion.Export it => Some(it.Sink),
            Completion.Probe it => it.Sink,
            Completion.ExportCancelled it => it.Sink,
            _ => Option<SinkName>.None,
        })
        .Filter(sink => before.Find(sink).Map(it => it.State.GetType()) != after.Find(sink).Map(it => it.State.GetType()))
        .Strict();
}
