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

/// <summary>One decision about one inventory.</summary>
/// <param name="Observed">The inventory and all facts that the decision depends on.</param>
/// <param name="Timeout">The time after which a removal is given up.</param>
/// <param name="Jitter">0 to 1.</param>
internal sealed record InventoryDecider(InventoryObservation Observed, TimeSpan Timeout, DateTimeOffset Now, double Jitter)
{
    private InventoryObject Object => Observed.Object;

    private long Generation => Object.Metadata.Generation ?? 0;

    /// <summary>Each ref is exported when it is due, and orphaned rows are removed.</summary>
    public InventoryDecision Export(InventoryProgress progress, Inventory inventory)
    {
        var settings = inventory.Settings;
        var refs = settings.Sinks.Map(it => SinkExportDecision.Of(it, this, progress, settings)).Strict();
        var cleanup = CleanupDecision.Of(this, progress, refs, settings.IsSuspended);
        var locations = refs.Choose(it => it.Named).Fold(cleanup.Locations, OrphanedRows.WithLocation);
        var dropped = progress.State.Refs.Filter((sink, state) => state.Running.IsSome && !refs.Exists(it => it.Sink == sink));
        var runsForNothing = Join(refs.Filter(it => it.RunsForNothing).Map(it => it.Sink), dropped.Keys.ToSeq());
        var situation = refs.IsEmpty
            ? (InventorySituation)new InventorySituation.NoSinks()
            : new InventorySituation.Exporting(refs.Map(it => it.Report).Strict());
        var state = progress.State with
        {
            Refs = refs.Fold(dropped, (known, it) => known.AddOrUpdate(it.Sink, it.State)),
            Cleanups = cleanup.Cleanups,
            Removing = cleanup.Removing,
        };
        var report = Report(situation, locations, state, cleanup.Events, isAtRest: refs.ForAll(it => it.IsAtRest));
        var exports = refs.Choose(it => it.Start).Strict();
        var isProtected = locations.IsEmpty || Object.Metadata.Finalizers.Contains(InventoryReconcile.Finalizer);
        return report with
        {
            Finalizers = isProtected ? None : Some(Object.Metadata.Finalizers.ToSeq().Add(InventoryReconcile.Finalizer)),
            ClearAnnotations = Object.IsExportRequested && MeetRequest(refs) ? Seq1(InventoryAnnotations.ExportNow) : Empty,
            WritesFirst = !isProtected || !cleanup.Starts.IsEmpty || exports.Exists(it => !IsStored(it.Location)),
            Cancellations = new Cancellations(runsForNothing.Strict(), cleanup.Cancellations),
            Exports = exports,
            Removals = cleanup.Starts,
            Next = Earliest(Join(refs.Choose(it => it.Next), Join(cleanup.Next.ToSeq(), report.Next.ToSeq()))),
            Breakers = refs.Fold(progress.Breakers, (known, it) => known.With(it.Sink, it.Breaker)),
        };
    }

    /// <summary>Refs through which nothing can be exported now do not count, unless there are no others.</summary>
    private static bool MeetRequest(Seq<SinkExportDecision> refs) =>
        refs.Filter(it => it.Location.IsSome) is { IsEmpty: false } usable && usable.ForAll(it => it.HasMetRequest);

    private bool IsStored(RowLocation location) => InventoryStatusModel.Read(Object.Status).Locations.Contains(location);

    /// <summary>Nothing is exported or removed: an invalid spec does not define an export.</summary>
    public InventoryDecision Reject(InventoryProgress progress, Seq<Problem> problems) =>
        Report(new InventorySituation.InvalidSpec(problems), progress.State.Status.Locations, progress.State, Empty, isAtRest: true) with
        {
            Breakers = progress.Breakers,
        };

    /// <summary>The finalizer is removed once nothing runs any more and no row is left. Without it the API server deletes the object.</summary>
    public InventoryDecision Delete(InventoryProgress progress)
    {
        var running = progress.State.Refs.Filter(state => state.Running.IsSome);
        var cancelled = new Cancellations(running.Keys.ToSeq().Strict(), Empty);
        var nothing = new InventoryDecision(cancelled, None, Empty, None, Empty, Empty, None, progress.State with { Refs = running }, progress.Breakers);
        if (!Object.Metadata.Finalizers.Contains(InventoryReconcile.Finalizer))
            return nothing;
        var cleanup = CleanupDecision.Of(this, progress, Empty, isSuspended: false);
        var state = nothing.State with { Cleanups = cleanup.Cleanups, Removing = cleanup.Removing };
        if (cleanup.Locations.IsEmpty && cleanup.Removing.IsEmpty && running.IsEmpty)
            return nothing with
            {
                Finalizers = Some(Object.Metadata.Finalizers.ToSeq().Filter(it => it != InventoryReconcile.Finalizer).Strict()),
                Events = cleanup.Events,
                State = state with { Status = state.Status with { Locations = Empty } },
            };
        return Report(new InventorySituation.RemovingRows(cleanup.Cleanups), cleanup.Locations, state, cleanup.Events, isAtRest: true) with
        {
            Cancellations = cancelled,
            Removals = cleanup.Starts,
            Next = cleanup.Next,
            Breakers = progress.Breakers,
        };
    }

    /// <summary>
    /// The status of a situation, if it must be written, and the events of the difference to the last one. What changes with every export is written with
    /// the first one after a quiet time, then every half minute, and once more when no other has followed for a moment.
    /// </summary>
    private InventoryDecision Report(InventorySituation situation, Seq<RowLocation> locations, InventoryState state, Seq<ObjectEvent> events, bool isAtRest)
    {
        var count = Observed.Gate is SnapshotGate.NotYet ? None : Some(Observed.Content.Count);
        var status = state.Status.After(situation, count, locations, Generation, Now);
        var model = InventoryStatusModel.Of(status);
        var (own, old) = (StoredStatus.Own(model)!, StoredStatus.Own(Object.Status));
        var countAlone = old is not null && own != old && StoredStatus.WithCounts(own, old) == old;
        var due = Deadline.After(state.CountsWritten, Waits.Counts);
        if (isAtRest && old is not null && StoredStatus.ExportsOf(own) != StoredStatus.ExportsOf(old)
            && status.LastExportTime.Case is DateTimeOffset last)
            due = Earlier(due, Deadline.After(last, Waits.LastCounts));
        var hasEnded = isAtRest || !Observed.Completed.IsEmpty;
        var writes = own != old && (!countAlone || (hasEnded && due.IsOver(Now)));
        return new InventoryDecision(
            new Cancellations(Empty, Empty),
            writes ? Some(model) : None,
            Join(Transitions.Between(state.Status, status), events).Strict(),
            None,
            Empty,
            Empty,
            countAlone && !writes && isAtRest ? Some(due.At) : None,
            state with { Status = status, CountsWritten = writes && countAlone ? Now : state.CountsWritten },
            SinkBreakers.None);
    }

    private static Deadline Earlier(Deadline one, Deadline other) => one.At < other.At ? one : other;

    private static Option<DateTimeOffset> Earliest(Seq<DateTimeOffset> times) => times.IsEmpty ? None : Some(times.Min());
}
