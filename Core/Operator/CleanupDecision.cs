using System.Diagnostics;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Operator;

/// <summary>The rows of an inventory that are where it no longer exports to, looked at.</summary>
/// <param name="Locations">What the status remembers, without what is done with.</param>
/// <param name="Cleanups">Those that are not finished.</param>
/// <param name="Removing">Where an attempt runs or begins.</param>
/// <param name="Starts">Attempts that begin.</param>
/// <param name="Cancellations">Attempts at places that are wanted again.</param>
/// <param name="Events">How removals ended.</param>
/// <param name="Next">None = something must change, or end.</param>
internal sealed record CleanupDecision(
    Seq<RowLocation> Locations, Seq<RowCleanup> Cleanups, Seq<RowLocation> Removing, Seq<RemovalStart> Starts, Seq<RowLocation> Cancellations, Seq<ObjectEvent> Events, Option<DateTimeOffset> Next)
{
    public static CleanupDecision Of(InventoryDecider look, InventoryProgress ended, Seq<SinkExportDecision> refs, bool isSuspended)
    {
        var (state, remembered) = (ended.State, ended.State.Status.Locations);
        var reclaim = Reclaiming.Of(look.Seen.Object.Metadata.Annotations.Find(Reclaiming.Annotation));
        var due = isSuspended
            ? state.Cleanups
            : OrphanedRows.Seeing(state.Cleanups, remembered, refs.Map(it => it.Wanted).Strict(), reclaim, look.Timeout, look.Now);
        var busy = Join(state.Removing, state.Refs.Values.ToSeq().Choose(it => it.Running).Map(run => run.Of.Location)).Strict();
        var attempts = due
            .Map(it => isSuspended || busy.Exists(location => location == it.Location) ? new Attempt(it, None) : Attempt.Of(it, look, refs))
            .Strict();

        var (finished, open) = (attempts.Map(it => it.Cleanup).Filter(it => it.IsFinished).Strict(), attempts.Map(it => it.Cleanup).Filter(it => !it.IsFinished).Strict());
        var starts = attempts.Choose(it => it.Start).Strict();
        var removing = Join(state.Removing, starts.Map(it => it.Location)).Strict();
        var waits = open
            .Filter(it => !removing.Exists(location => location == it.Location))
            .Choose(it => it.Next(look.Now) is CleanupStep.WaitUntil wait ? Some(wait.Time) : None);
        return new CleanupDecision(
            OrphanedRows.Remaining(remembered, finished),
            open,
            removing,
            starts,
            state.Removing.Filter(location => !due.Exists(it => it.Location == location)).Strict(),
            finished.Choose(it => CleanupEvents.Of(look.Seen.Object.Name, it)).Strict(),
            waits.IsEmpty || isSuspended ? None : Some(waits.Min()));
    }

    /// <summary>What a look makes of one removal: it begins, or it fails for want of a way there, or it goes on waiting.</summary>
    private sealed record Attempt(RowCleanup Cleanup, Option<RemovalStart> Start)
    {
        public static Attempt Of(RowCleanup cleanup, InventoryDecider look, Seq<SinkExportDecision> refs) => cleanup.Next(look.Now) is CleanupStep.Remove it
            ? WayTo(cleanup.Location, look.Seen.Sinks(cleanup.Location.Sink)).Match(
                way => way.Match(
                    Right: sink => new Attempt(cleanup, Starting(cleanup.Location, sink, it.Limit, look, refs)),
                    Left: why => new Attempt(cleanup.After(RemovalResult.Failed.NoWay(why), look.Now, look.Jitter), None)),
                () => new Attempt(cleanup, None))
            : new Attempt(cleanup, None);

        private static RemovalStart Starting(RowLocation location, Sink sink, TimeSpan limit, InventoryDecider look, Seq<SinkExportDecision> refs)
        {
            var inventory = look.Seen.Object.Name;
            var others = refs.Choose(it => it.Found is SinkAvailability.Usable usable && OrphanedRows.MayBeSame(location, usable.Location) ? Some((usable.Location, usable.Sink)) : None);
            return new RemovalStart(location, sink, new Scope(inventory.Namespace, inventory.Name, location.At.Cluster), others.Strict(), limit);
        }

        /// <summary>The sink as it was when it led there. Left = it does not any more, and why. None = it is not known yet.</summary>
        private static Option<Either<string, Sink>> WayTo(RowLocation location, SinkObservation observation) => observation switch
        {
            SinkObservation.NotYet => None,
            SinkObservation.Missing => Left<string, Sink>($"sink {location.Sink} does not exist"),
            SinkObservation.Present it => SinkParser.Parse(it.Observed.Sink, SpecParts.OfSpec(it.Observed.Structural))
                .MapLeft(problems => $"sink {location.Sink} is invalid: {Condition.Summary("problem", problems)}")
                .Bind(sink => sink.At(location.At).ToEither($"sink {location.Sink} is of another type now")),
            _ => throw new UnreachableException(),
        };
    }
}
