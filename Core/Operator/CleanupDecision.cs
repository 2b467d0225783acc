using System.Diagnostics;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Operator;

/// <summary>The decision about the orphaned rows of an inventory.</summary>
/// <param name="Locations">The locations in the status, without those of finished removals.</param>
/// <param name="Cleanups">Those that are not finished.</param>
/// <param name="Removing">Locations at which an attempt runs or begins.</param>
/// <param name="Starts">Attempts that begin.</param>
/// <param name="Cancellations">Attempts at locations that an export uses again.</param>
/// <param name="Events">One for each finished removal.</param>
/// <param name="Next">None = no decision until something changes or ends.</param>
internal sealed record CleanupDecision(
    Seq<RowLocation> Locations,
    Seq<RowCleanup> Cleanups,
    Seq<RowLocation> Removing,
    Seq<RemovalStart> Starts,
    Seq<RowLocation> Cancellations,
    Seq<ObjectEvent> Events,
    Option<DateTimeOffset> Next)
{
    public static CleanupDecision Of(InventoryDecider decider, InventoryProgress progress, Seq<SinkExportDecision> refs, bool isSuspended)
    {
        var (state, remembered) = (progress.State, progress.State.Status.Locations);
        var reclaim = Reclaiming.Of(decider.Observed.Object.Metadata.Annotations.Find(Reclaiming.Annotation));
        var due = isSuspended
            ? state.Cleanups
            : OrphanedRows.DueCleanups(state.Cleanups, remembered, refs.Map(it => it.Wanted).Strict(), reclaim, decider.Timeout, decider.Now);
        var busy = Join(state.Removing, state.Refs.Values.ToSeq().Choose(it => it.Running).Map(run => run.Of.Location)).Strict();
        var attempts = due
            .Map(it => isSuspended || busy.Exists(location => location == it.Location) ? new Attempt(it, None) : Attempt.Of(it, decider, refs))
            .Strict();

        var (finished, open) = (
            attempts.Map(it => it.Cleanup).Filter(it => it.IsFinished).Strict(),
            attempts.Map(it => it.Cleanup).Filter(it => !it.IsFinished).Strict());
        var starts = attempts.Choose(it => it.Start).Strict();
        var removing = Join(state.Removing, starts.Map(it => it.Location)).Strict();
        var waits = open
            .Filter(it => !removing.Exists(location => location == it.Location))
            .Choose(it => it.Next(decider.Now) is CleanupStep.WaitUntil wait ? Some(wait.Time) : None);
        return new CleanupDecision(
            OrphanedRows.Remaining(remembered, finished),
            open,
            removing,
            starts,
            state.Removing.Filter(location => !due.Exists(it => it.Location == location)).Strict(),
            finished.Choose(it => CleanupEvents.Of(decider.Observed.Object.Name, it)).Strict(),
            waits.IsEmpty || isSuspended ? None : Some(waits.Min()));
    }

    /// <summary>One removal: it begins, fails because no sink reaches the location, or waits.</summary>
    private sealed record Attempt(RowCleanup Cleanup, Option<RemovalStart> Start)
    {
        public static Attempt Of(RowCleanup cleanup, InventoryDecider decider, Seq<SinkExportDecision> refs) =>
            Ended(cleanup, decider) is { IsFinished: false } open && open.Next(decider.Now) is CleanupStep.Remove it
            ? SinkOf(open.Location, decider.Observed.Sink(open.Location.Sink)).Match(
                found => (found.ToOption(), decider.Observed.Held.Find(open.Location).Bind(held => held.At(open.Location.At))) switch
                {
                    ({ IsNone: true }, { IsNone: true }) =>
                        new Attempt(Ended(open.After(RemovalResult.Failed.WithoutWay(Why(found)), decider.Now, decider.Jitter), decider), None),
                    var (sink, held) => new Attempt(open, StartOf(open.Location, sink, held, it.Limit, decider, refs)),
                },
                () => new Attempt(open, None))
            : new Attempt(Ended(cleanup, decider), None);

        /// <summary>What is missing in a namespace that is being deleted does not come back: no wait for it blocks the end of the namespace.</summary>
        private static RowCleanup Ended(RowCleanup cleanup, InventoryDecider decider)
        {
            var (location, observed) = (cleanup.Location, decider.Observed);
            var ending = InventoryState.Namespaces(location.Sink, observed.Sinks.Find(location.Sink)).Filter(it => observed.EndingNamespaces.Contains(it));
            return cleanup.State is CleanupState.Pending { NoWay: true } it && !ending.IsEmpty
                ? cleanup.GiveUp($"{it.Why}; namespace {ending.Head} is being deleted, and nothing can be created there any more", decider.Now)
                : cleanup;
        }

        private static string Why(Either<string, Sink> found) => found.Match(Right: _ => "", Left: why => why);

        private static RemovalStart StartOf(
            RowLocation location, Option<Sink> sink, Option<Sink> held, TimeSpan limit, InventoryDecider decider, Seq<SinkExportDecision> refs)
        {
            var inventory = decider.Observed.Object.Name;
            var others = refs.Choose(it =>
                it.Found is SinkAvailability.Usable usable && OrphanedRows.MayBeSame(location, usable.Location)
                    ? Some((usable.Location, usable.Sink))
                    : None);
            return new RemovalStart(location, sink, held, new Scope(inventory.Namespace, inventory.Name, location.At.Cluster), others.Strict(), limit);
        }

        /// <summary>The sink with its settings for this location. Left = why it no longer reaches the location. None = not known yet.</summary>
        private static Option<Either<string, Sink>> SinkOf(RowLocation location, SinkObservation observation) => observation switch
        {
            SinkObservation.NotYet => None,
            SinkObservation.Missing => Left<string, Sink>($"sink {location.Sink} does not exist"),
            SinkObservation.Present it => it.Sink.Spec
                .MapLeft(problems => $"sink {location.Sink} is invalid: {Condition.Summary("problem", problems)}")
                .Bind(sink => sink.At(location.At).ToEither($"sink {location.Sink} is of another type now")),
            _ => throw new UnreachableException(),
        };
    }
}
