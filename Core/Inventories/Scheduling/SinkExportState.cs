using System.Diagnostics;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>The state of one (inventory, sink ref) between two decisions.</summary>
/// <param name="LastSuccess">The last export that wrote; None = none did.</param>
/// <param name="LastFailure">The failure of the last export; None = it succeeded, or there was none.</param>
/// <param name="Running">The export that runs now; there is never a second one.</param>
/// <param name="Window">The end of the window that collects further changes after a change; None = no window is open.</param>
/// <param name="Sink">Whether the sink was ready since the last attempt.</param>
/// <param name="Newest">Time of the newest snapshot known at the destination.</param>
/// <param name="BlockedSince">
/// No export has been possible since then, because something is not known, e.g. the snapshot; None = one is possible, or not wanted.
/// </param>
/// <param name="Probed">A location that can be exported to, and that the status did not name yet; None = there is none.</param>
internal sealed record SinkExportState(
    Option<ExportSuccess> LastSuccess,
    Option<ExportFailure> LastFailure,
    Option<ExportAttempt> Running,
    Option<Deadline> Window,
    SinkReadiness Sink,
    Option<DateTimeOffset> Newest,
    Option<DateTimeOffset> BlockedSince = default,
    Option<RowLocation> Probed = default)
{
    /// <summary>When the rows were last found to be the snapshot, or made so; None = not since the start.</summary>
    public Option<DateTimeOffset> Verified { get; init; }

    /// <summary>The time of the newest snapshot that this process found the rows to be, or made them; None = none since the start.</summary>
    public Option<DateTimeOffset> VerifiedSnapshot { get; init; }

    /// <summary>No export of changed content starts before this time: changes that keep coming are collected meanwhile. None = there is no limit.</summary>
    public Option<Deadline> Spacing { get; init; }

    /// <summary>The state of a ref that is observed for the first time.</summary>
    public static SinkExportState Initial { get; } = new(None, None, None, None, SinkReadiness.Ready, None);

    /// <summary>
    /// After a restart, from <c>status.sinkExports[]</c>. A ref that had failed is tried at once, as something may have changed since;
    /// its failures still count.
    /// </summary>
    /// <param name="success">None = there was none.</param>
    /// <param name="failure">None = the last export did not fail. Its <see cref="ExportFailure.Of"/> is dropped.</param>
    /// <param name="delayedSince">The status has reported since then that no export is possible; None = it does not.</param>
    public static SinkExportState Restored(Option<ExportSuccess> success, Option<ExportFailure> failure, Option<DateTimeOffset> delayedSince) => Initial with
    {
        BlockedSince = delayedSince.Map(since => Times.Add(since, -Waits.BeforeOutage)),
        LastSuccess = success,
        LastFailure = failure.Map(it => it with { Of = None }),
        Newest = success.Map(it => it.At),
    };

    /// <summary>
    /// The change since the last attempt that justifies another one; None = none. For a destination that is down, new content is
    /// no reason.
    /// </summary>
    public Option<Difference> ReasonFor(ExportBasis basis) =>
        Running.Match(it => basis.Since(it.Of), () => LastFailure.Match(
            it => ReasonAfter(it, basis),
            () => LastSuccess.Match(it => basis.Since(it.Of), () => new Difference("first export", ContentOnly: false))));

    /// <summary>The state once these facts are known.</summary>
    /// <param name="jitter">0 to 1, anew for each decision: how much shorter a window is that opens now.</param>
    public SinkExportState Observed(RefFacts facts, DateTimeOffset now, double jitter)
    {
        var isReady = facts.Sink is SinkAvailability.Usable { Ready: true };
        var observed = (facts.IsExportRequested ? this : WithoutRequest()) with
        {
            Sink = !isReady ? SinkReadiness.NotReady : Sink == SinkReadiness.NotReady ? SinkReadiness.Recovered : Sink,
        };
        return facts.Basis.Match(
            Right: basis => observed with { Window = observed.WindowFor(observed.ReasonFor(basis), now, jitter), BlockedSince = None },
            Left: _ => observed with { BlockedSince = facts.IsWaiting ? BlockedSince | now : None });
    }

    /// <summary>After this time the rows of the last export may be stale, because no export is possible; None = one is.</summary>
    public Option<Deadline> Overdue => BlockedSince.Map(since => Deadline.After(since, Waits.BeforeOutage));

    /// <summary>When the rows are to be compared with the snapshot, although nothing has changed; None = only when something changes.</summary>
    public Option<Deadline> LookDue(ExportInterval interval, DateTimeOffset now) => LastSuccess.Filter(_ => !interval.ChangesOnly).Map(it =>
        Verified.Match(
            at => Deadline.After(at, interval.Length),
            () => it.Fence.IsSome ? Deadline.After(now, TimeSpan.Zero) : Deadline.After(it.At, interval.Length)));

    /// <summary>
    /// When the next export is due although nothing changes: the retry of a failed one, else the comparison of all rows. None = only a change leads to one.
    /// A look that finds nothing is no export, so that this moves with exports alone.
    /// </summary>
    public Option<DateTimeOffset> NextExport(ExportInterval interval) => LastFailure.Match(
        it => it.Class == FailureClass.Refused ? None : Some(it.Retry.At),
        () => LastSuccess.Filter(_ => !interval.ChangesOnly).Bind(it =>
            it.Fence.IsNone ? Some(Deadline.After(it.At, interval.Length).At) : it.ComparedAt.Map(_ => it.ComparisonDue.At)));

    /// <summary>The state after the start of an export.</summary>
    /// <param name="basis">The basis of the export.</param>
    /// <param name="content">The snapshot.</param>
    public SinkExportState Started(ExportBasis basis, ExportMethod method, SnapshotContent content, DateTimeOffset now) => this with
    {
        Running = new ExportAttempt(basis, method, content, SnapshotTime(now), now),
        Window = None,
        Sink = SinkReadiness.Ready,
        Probed = None,
    };

    /// <summary>The state after the running export; unchanged where none runs.</summary>
    /// <param name="jitter">0 to 1, anew for each export: where in its spread the wait after a failure lies.</param>
    /// <param name="inFull">True = the destination did not hold the basis of the attempt, and everything was exported.</param>
    public SinkExportState After(ExportResult result, DateTimeOffset now, double jitter, bool inFull = false) => inFull
        ? (this with { LastSuccess = WithoutBasis, Running = Running.Map(it => it with { Method = new ExportMethod.Full("") }) }).After(result, now, jitter)
        : After(result, now, jitter);

    private SinkExportState After(ExportResult result, DateTimeOffset now, double jitter) => Running.Match(
        attempt => result switch
        {
            ExportResult.Exported it => Succeeded(attempt, it, now),
            ExportResult.Superseded it =>
                Failing(attempt, result, FailureClass.Superseded, it => Waits.Destinations.After(it, jitter), now) with { Newest = it.Held },
            ExportResult.Failed { Failure: Failure.TryLater { IsOfConnection: true } } =>
                Failing(attempt, result, FailureClass.Unreachable, it => Waits.Connections.After(it, jitter), now),
            ExportResult.Failed { Failure: Failure.TryLater it } =>
                Failing(attempt, result, FailureClass.TryLater, failures => Waits.Destinations.After(failures, jitter, it.After), now),
            ExportResult.Failed { Failure: Failure.Refused } =>
                Failing(attempt, result, FailureClass.Refused, it => Waits.Destinations.After(it, jitter), now),
            ExportResult.DryRun => Abandoned(),
            _ => throw new UnreachableException(),
        },
        () => this);

    /// <summary>The running attempt only tried the location: the export itself begins at once.</summary>
    public SinkExportState AfterProbe(DateTimeOffset now) => this with
    {
        Running = None,
        Window = Deadline.After(now, TimeSpan.Zero),
        Probed = Running.Map(attempt => attempt.Of.Location),
    };

    /// <summary>The running export was cancelled by the operator: as if it had not been started.</summary>
    public SinkExportState Abandoned() => this with { Running = None, LastSuccess = Doubted };

    /// <summary>An export may have been written or not: a ledger tells which.</summary>
    private Option<ExportSuccess> Doubted => LastSuccess.Exists(it => it.Fence.Exists(fence => fence.IsTimeAlone)) ? WithoutBasis : LastSuccess;

    private Option<ExportSuccess> WithoutBasis => LastSuccess.Map(it => it with { Fence = None, Content = None });

    private SinkExportState WithoutRequest() => this with
    {
        LastSuccess = LastSuccess.Map(it => it with { Of = it.Of with { IsRequested = false } }),
        LastFailure = LastFailure.Map(it => it with { Of = it.Of.Map(of => of with { IsRequested = false }) }),
    };

    private SinkExportState Succeeded(ExportAttempt attempt, ExportResult.Exported result, DateTimeOffset now)
    {
        var spacing = Deadline.After(now, Waits.Spacing(now - attempt.Started));
        return this with
        {
            LastSuccess = attempt.After(LastSuccess, result.Outcome, now) with
            {
                Of = attempt.Of,
                SnapshotTime = attempt.WrittenFrom(LastSuccess, result.Outcome, result.Fence),
                Fence = result.Fence,
                Content = result.Fence.Map(_ => attempt.Content),
                Rejected = result.Rejected,
            },
            LastFailure = None,
            Running = None,
            Newest = result.Fence.Map(it => it.ExportedAt).Filter(it => it > attempt.SnapshotTime).IfNone(attempt.SnapshotTime),
            Verified = attempt.Verifies ? now : Verified,
            VerifiedSnapshot = attempt.SnapshotTime,
            Spacing = spacing,
            Window = Window.Map(it => it.At > spacing.At ? it : spacing),
        };
    }

    private Option<Difference> ReasonAfter(ExportFailure failure, ExportBasis basis) =>
        failure.Of.Match(of => basis.Since(of), () => new Difference("the operator was started", ContentOnly: false))
            .Filter(change => !change.ContentOnly || failure.Class == FailureClass.Refused)
        | (Sink == SinkReadiness.Recovered ? new Difference("the sink is ready again", ContentOnly: false) : None);

    /// <summary>The first change of content after a pause waits for nothing; an edit may be one of several that belong together.</summary>
    private Option<Deadline> WindowFor(Option<Difference> reason, DateTimeOffset now, double jitter) => reason.Match(
        change => Window | (change.ContentOnly
            ? Spacing.Filter(it => !it.IsOver(now)).IfNone(Deadline.After(now, TimeSpan.Zero))
            : Deadline.After(now, Waits.Changes.After(1, 1 - jitter))),
        () => Window.Filter(window => !window.IsOver(now)));

    /// <summary>
    /// Later than the snapshot at the destination, which would supersede it otherwise: a clock that was set back does not stop exports.
    /// </summary>
    private DateTimeOffset SnapshotTime(DateTimeOffset now)
    {
        var time = Envelope.WholeMilliseconds(now);
        return Newest.Map(Envelope.WholeMilliseconds).Filter(newest => newest >= time)
            .Map(newest => Deadline.After(newest, TimeSpan.FromMilliseconds(1)).At).IfNone(time);
    }

    /// <param name="wait">Of the number of failures alike: attempts to reach a server lengthen no wait for one that answers.</param>
    private SinkExportState Failing(ExportAttempt attempt, ExportResult result, FailureClass kind, Func<int, TimeSpan> wait, DateTimeOffset now)
    {
        var failures = LastFailure.Map(it => it.InARow).IfNone(0) + 1;
        var alike = LastFailure.Filter(it => it.Class == FailureClass.Unreachable == (kind == FailureClass.Unreachable)).Map(it => it.Alike).IfNone(0) + 1;
        return this with
        {
            LastSuccess = Doubted,
            LastFailure = new ExportFailure(attempt.Of, kind, ExportReport.Of(result, now).Message, failures, now, Deadline.After(now, wait(alike)))
            {
                Alike = alike,
            },
            Running = None,
            Window = None,
            Spacing = None,
        };
    }
}

/// <summary>Whether a sink was ready since the last attempt to export through it.</summary>
internal enum SinkReadiness
{
    /// <summary>Ready all the time.</summary>
    Ready,

    /// <summary>Missing, invalid or not ready.</summary>
    NotReady,

    /// <summary>Ready again, after it was not: after a failure that is a reason for another attempt.</summary>
    Recovered,
}
