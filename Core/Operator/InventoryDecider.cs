using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Inventories;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>One look at one inventory.</summary>
/// <param name="Seen">The inventory and all around it.</param>
/// <param name="Timeout">How long a removal is tried.</param>
/// <param name="Now">When.</param>
/// <param name="Jitter">0 to 1.</param>
internal sealed record InventoryDecider(InventoryObservation Seen, TimeSpan Timeout, DateTimeOffset Now, double Jitter)
{
    private InventoryObject Object => Seen.Object;

    private long Generation => Object.Metadata.Generation ?? 0;

    /// <summary>The refs are exported, each in its time, and what they left elsewhere is removed.</summary>
    public InventoryDecision Keeping(InventoryProgress ended, Inventory inventory)
    {
        var settings = inventory.Settings;
        var refs = settings.Sinks.Map(it => SinkExportDecision.Of(it, this, ended, settings)).Strict();
        var leaving = CleanupDecision.Of(this, ended, refs, settings.IsSuspended);
        var locations = refs.Choose(it => it.Start).Fold(leaving.Locations, (known, start) => OrphanedRows.Remembering(known, start.Location));
        var dropped = ended.State.Refs.Filter((sink, state) => state.Running.IsSome && !refs.Exists(it => it.Sink == sink));
        var runsForNothing = Join(refs.Filter(it => it.RunsForNothing).Map(it => it.Sink), dropped.Keys.ToSeq());
        var situation = refs.IsEmpty ? (InventorySituation)new InventorySituation.NoSinks() : new InventorySituation.Exporting(refs.Map(it => it.Report).Strict());
        var state = ended.State with
        {
            Refs = refs.Fold(dropped, (known, it) => known.AddOrUpdate(it.Sink, it.State)),
            Cleanups = leaving.Cleanups,
            Removing = leaving.Removing,
        };
        var report = Report(situation, locations, state, leaving.Events, isAtRest: refs.ForAll(it => it.IsAtRest));
        return report with
        {
            Finalizers = locations.IsEmpty || Object.Metadata.Finalizers.Contains(InventoryReconcile.Finalizer)
                ? None
                : Some(Object.Metadata.Finalizers.Add(InventoryReconcile.Finalizer)),
            Cancellations = new Cancellations(runsForNothing.Strict(), leaving.Cancellations),
            Exports = refs.Choose(it => it.Start).Strict(),
            Removals = leaving.Starts,
            Next = Earliest(Join(refs.Choose(it => it.Next), Join(leaving.Next.ToSeq(), report.Next.ToSeq()))),
            Breakers = refs.Fold(ended.Breakers, (known, it) => known.With(it.Sink, it.Breaker)),
        };
    }

    /// <summary>What is to be exported cannot be told; what was exported stays.</summary>
    public InventoryDecision Invalid(InventoryProgress ended, Seq<Problem> problems) =>
        Report(new InventorySituation.InvalidSpec(problems), ended.State.Status.Locations, ended.State, Empty, isAtRest: true) with { Breakers = ended.Breakers };

    /// <summary>Once nothing runs any more and no row is left, the finalizer goes. An object without it is not ours to keep.</summary>
    public InventoryDecision Deleting(InventoryProgress ended)
    {
        var running = ended.State.Refs.Filter(state => state.Running.IsSome);
        var nothing = new InventoryDecision(
            new Cancellations(running.Keys.ToSeq().Strict(), Empty), None, Empty, None, Empty, Empty, None, ended.State with { Refs = running }, ended.Breakers);
        if (!Object.Metadata.Finalizers.Contains(InventoryReconcile.Finalizer))
            return nothing;
        var leaving = CleanupDecision.Of(this, ended, Empty, isSuspended: false);
        var state = nothing.State with { Cleanups = leaving.Cleanups, Removing = leaving.Removing };
        if (leaving.Locations.IsEmpty && leaving.Removing.IsEmpty && running.IsEmpty)
            return nothing with
            {
                Finalizers = Some(Object.Metadata.Finalizers.Filter(it => it != InventoryReconcile.Finalizer).Strict()),
                Events = leaving.Events,
                State = state with { Status = state.Status with { Locations = Empty } },
            };
        return Report(new InventorySituation.RemovingRows(leaving.Locations), leaving.Locations, state, leaving.Events, isAtRest: true) with
        {
            Cancellations = nothing.Cancellations,
            Removals = leaving.Starts,
            Next = leaving.Next,
            Breakers = ended.Breakers,
        };
    }

    /// <summary>The status of a situation, if it has to be written, and what it makes of the last one.</summary>
    private InventoryDecision Report(InventorySituation situation, Seq<RowLocation> locations, InventoryState state, Seq<ObjectEvent> events, bool isAtRest)
    {
        var count = Seen.Gate is SnapshotGate.NotYet ? None : Some(Seen.Content.Count);
        var status = state.Status.After(situation, count, locations, Generation, Now);
        var (model, old) = (InventoryStatusModel.Of(status), Object.Status);
        var countAlone = old is not null && model != old && (model with { ItemCount = old.ItemCount }) == old;
        var countDue = Deadline.After(state.Written, Waits.Counts);
        var writes = model != old && (!countAlone || (isAtRest && countDue.IsOver(Now)));
        return new InventoryDecision(
            new Cancellations(Empty, Empty),
            writes ? Some(model) : None,
            Join(Transitions.Between(state.Status, status), events).Strict(),
            None,
            Empty,
            Empty,
            countAlone && !writes ? Some(countDue.At) : None,
            state with { Status = status, Written = writes ? Now : state.Written },
            SinkBreakers.None);
    }

    private static Option<DateTimeOffset> Earliest(Seq<DateTimeOffset> times) => times.IsEmpty ? None : Some(times.Min());
}
