using System.Diagnostics;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Inventories.Scheduling;

namespace Kollect.Core.Operator.Status;

/// <summary>The state of one (inventory, sink ref), as its conditions report it. Closed.</summary>
internal abstract record RefSituation
{
    private RefSituation() { }

    /// <summary><c>spec.suspend</c>.</summary>
    public sealed record Suspended : RefSituation;

    /// <summary>No sink has this name.</summary>
    public sealed record SinkMissing : RefSituation;

    /// <summary>The spec of the sink is refused.</summary>
    /// <param name="Why">One line.</param>
    public sealed record SinkInvalid(string Why) : RefSituation;

    /// <summary>A scope does not allow the sink, or is unknown.</summary>
    /// <param name="Id">One of <see cref="Collection.Scopes.ScopeDenials"/>.</param>
    /// <param name="Why">One line.</param>
    public sealed record SinkDenied(string Id, string Why) : RefSituation;

    /// <summary>No snapshot yet, and none was ever exported.</summary>
    /// <param name="Why">One line.</param>
    public sealed record Collecting(string Why) : RefSituation;

    /// <summary>No snapshot since the operator was started; the rows are those of an earlier one.</summary>
    /// <param name="Why">One line.</param>
    public sealed record CollectingAgain(string Why) : RefSituation;

    /// <summary>No snapshot for so long that the rows of the last export may be stale.</summary>
    /// <param name="Since">The time of the last moment with a snapshot.</param>
    /// <param name="Why">One line.</param>
    public sealed record CollectionDelayed(DateTimeOffset Since, string Why) : RefSituation;

    /// <summary>An export has not ended within the interval: it waits for a slot, for a lock or for the server.</summary>
    /// <param name="Since">The time of its start.</param>
    public sealed record ExportDelayed(DateTimeOffset Since) : RefSituation;

    /// <summary>An export is due or runs: the first one, or the first of an edited inventory or sink. Changed content does not lead to it.</summary>
    /// <param name="Why"><c>first export</c>, <c>the sink was edited</c>.</param>
    public sealed record ExportPending(string Why) : RefSituation;

    /// <summary>The last export wrote everything.</summary>
    public sealed record Synced(string Message) : RefSituation;

    /// <summary>The last export wrote everything, and took rows over from a cluster that exports too.</summary>
    /// <param name="Message">One line.</param>
    public sealed record RowsContested(string Message) : RefSituation;

    /// <summary>The last export left items out that the destination cannot store.</summary>
    public sealed record ItemsRejected(string Message) : RefSituation;

    /// <summary>The last export deleted nothing, for a target that was not collected.</summary>
    /// <param name="Why">One line.</param>
    public sealed record SnapshotIncomplete(string Why) : RefSituation;

    /// <summary>The last export deleted nothing, for a target that is suspended.</summary>
    /// <param name="Why">One line.</param>
    public sealed record TargetsSuspended(string Why) : RefSituation;

    /// <summary>The last export deleted nothing, for a target that was deleted a short while ago.</summary>
    /// <param name="Why">One line.</param>
    public sealed record TargetsDeleted(string Why) : RefSituation;

    /// <summary>The last export failed, and is tried again.</summary>
    /// <param name="Message">One line, free of anything from a Secret.</param>
    public sealed record Failing(string Message) : RefSituation;

    /// <summary>Exports of other refs failed, and the sink is paused.</summary>
    /// <param name="IsUnreachable">No connection could be made.</param>
    public sealed record CircuitOpen(bool IsUnreachable) : RefSituation;

    /// <summary>The last export was refused.</summary>
    /// <param name="Message">One line, free of anything from a Secret.</param>
    public sealed record Refused(string Message) : RefSituation;

    /// <summary>The destination holds a newer snapshot.</summary>
    /// <param name="Message">One line.</param>
    public sealed record Superseded(string Message) : RefSituation;

    /// <summary>The situation; a failure is reported until an export has succeeded.</summary>
    public static RefSituation Of(RefFacts facts, SinkExportState state, CircuitBreaker breaker, ExportInterval interval, DateTimeOffset now) =>
        Hindrance(facts).IfNone(() => state.LastFailure.Match(
            OfFailure,
            () => breaker.IsReported
                ? new CircuitOpen(breaker.Unreached > 0)
                : state.Running.Filter(run => interval.Overdue(run.Started).IsOver(now)).Match(
                    run => new ExportDelayed(run.Started),
                    () => WithoutFailure(facts, state, now))));

    private static Option<RefSituation> Hindrance(RefFacts facts) => (facts.Suspended, facts.Sink) switch
    {
        (true, _) => new Suspended(),
        (_, SinkAvailability.Missing) => new SinkMissing(),
        (_, SinkAvailability.Invalid it) => new SinkInvalid(it.Why),
        (_, SinkAvailability.Denied it) => new SinkDenied(it.Id, it.Why),
        _ => Option<RefSituation>.None,
    };

    private static RefSituation OfFailure(ExportFailure failure) => failure.Class switch
    {
        FailureClass.TryLater or FailureClass.Unreachable => new Failing(failure.Message),
        FailureClass.Refused => new Refused(failure.Message),
        FailureClass.Superseded => new Superseded(failure.Message),
        _ => throw new UnreachableException(),
    };

    private static RefSituation WithoutFailure(RefFacts facts, SinkExportState state, DateTimeOffset now) => facts.Basis.Match(
        Right: basis => state.LastSuccess.Match(
            it => basis.Since(it.Of).Filter(change => !change.ContentOnly).Match(change => new ExportPending(change.Why), () => OfSuccess(it, facts.Gate)),
            () => new ExportPending("first export")),
        Left: why => state.LastSuccess.Match<RefSituation>(
            _ => state.BlockedSince.Filter(_ => state.Overdue.Exists(it => it.IsOver(now))).Match<RefSituation>(
                since => new CollectionDelayed(since, why),
                () => new CollectingAgain(why)),
            () => new Collecting(why)));

    private static RefSituation OfSuccess(ExportSuccess success, SnapshotGate gate)
    {
        var message = ExportReport.Words(success.Outcome);
        return (success.Of.Complete, gate) switch
        {
            (false, SnapshotGate.Incomplete { Cause: IncompleteCause.Suspended } it) => new TargetsSuspended(it.Why),
            (false, SnapshotGate.Incomplete { Cause: IncompleteCause.Deleted } it) => new TargetsDeleted(it.Why),
            (false, SnapshotGate.Incomplete it) => new SnapshotIncomplete(it.Why),
            (false, _) => new SnapshotIncomplete("the next export deletes what is no longer there"),
            _ => success.Outcome.Rejected > 0 || success.Outcome.StaleKept
                ? new ItemsRejected(message)
                : LiveCluster.Warning(success.Outcome.TakenFrom).Match<RefSituation>(it => new RowsContested(it), () => new Synced(message)),
        };
    }
}
