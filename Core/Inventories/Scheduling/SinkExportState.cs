using System.Diagnostics;
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
public sealed record SinkExportState(
    Option<ExportSuccess> LastSuccess,
    Option<ExportFailure> LastFailure,
    Option<ExportAttempt> Running,
    Option<Deadline> Window,
    SinkReadiness Sink,
    Option<DateTimeOffset> Newest,
    Option<DateTimeOffset> BlockedSince = default,
    Option<RowLocation> Probed = default)
{
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
        var observed = this with { Sink = !isReady ? SinkReadiness.NotReady : Sink == SinkReadiness.NotReady ? SinkReadiness.Recovered : Sink };
        return facts.Basis.Match(
            Right: basis => observed with { Window = WindowFor(observed.ReasonFor(basis).IsSome, now, jitter), BlockedSince = None },
            Left: _ => observed with { BlockedSince = facts.IsWaiting ? BlockedSince | now : None });
    }

    /// <summary>After this time the rows of the last export may be stale, because no export is possible; None = one is.</summary>
    public Option<Deadline> Overdue => BlockedSince.Map(since => Deadline.After(since, Waits.BeforeOutage));

    /// <summary>The state after the start of an export.</summary>
    /// <param name="basis">The basis of the export.</param>
    public SinkExportState Started(ExportBasis basis, DateTimeOffset now) =>
        this with { Running = new ExportAttempt(basis, SnapshotTime(now), now), Window = None, Sink = SinkReadiness.Ready, Probed = None };

    /// <summary>The state after the running export; unchanged where none runs.</summary>
    /// <param name="jitter">0 to 1, anew for each export: where in its spread the wait after a failure lies.</param>
    public SinkExportState After(ExportResult result, DateTimeOffset now, double jitter) => Running.Match(
        attempt => result switch
        {
            ExportResult.Exported it => this with
            {
                LastSuccess = new ExportSuccess(attempt.Of, now, it.Outcome),
                LastFailure = None,
                Running = None,
                Newest = attempt.SnapshotTime,
            },
            ExportResult.Superseded it => Failing(attempt, result, FailureClass.Superseded, TimeSpan.Zero, now, jitter) with { Newest = it.Held },
            ExportResult.Failed { Failure: Failure.TryLater it } => Failing(attempt, result, FailureClass.TryLater, it.After, now, jitter),
            ExportResult.Failed { Failure: Failure.Refused } => Failing(attempt, result, FailureClass.Refused, TimeSpan.Zero, now, jitter),
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
    public SinkExportState Abandoned() => this with { Running = None };

    private Option<Difference> ReasonAfter(ExportFailure failure, ExportBasis basis) =>
        failure.Of.Match(of => basis.Since(of), () => new Difference("the operator was started", ContentOnly: false))
            .Filter(change => !change.ContentOnly || failure.Class == FailureClass.Refused)
        | (Sink == SinkReadiness.Recovered ? new Difference("the sink is ready again", ContentOnly: false) : None);

    private Option<Deadline> WindowFor(bool hasReason, DateTimeOffset now, double jitter) =>
        hasReason
            ? Window | Deadline.After(now, Waits.Changes.After(1, 1 - jitter))
            : Window.Filter(window => !window.IsOver(now));

    /// <summary>
    /// Later than the snapshot at the destination, which would supersede it otherwise: a clock that was set back does not stop exports.
    /// </summary>
    private DateTimeOffset SnapshotTime(DateTimeOffset now)
    {
        var time = Envelope.WholeMilliseconds(now);
        return Newest.Map(Envelope.WholeMilliseconds).Filter(newest => newest >= time)
            .Map(newest => Deadline.After(newest, TimeSpan.FromMilliseconds(1)).At).IfNone(time);
    }

    private SinkExportState Failing(ExportAttempt attempt, ExportResult result, FailureClass kind, TimeSpan asked, DateTimeOffset now, double jitter)
    {
        var failures = LastFailure.Map(it => it.InARow).IfNone(0) + 1;
        var wait = Waits.Destinations.After(failures, jitter, asked);
        return this with
        {
            LastFailure = new ExportFailure(attempt.Of, kind, ExportReport.Of(result, now).Message, failures, now, Deadline.After(now, wait)),
            Running = None,
            Window = None,
        };
    }
}

/// <summary>An export that wrote.</summary>
/// <param name="Of">The basis of the export.</param>
public sealed record ExportSuccess(ExportBasis Of, DateTimeOffset At, ExportOutcome Outcome);

/// <summary>An export that runs.</summary>
/// <param name="Of">The basis of the export.</param>
/// <param name="SnapshotTime"><c>exported_at</c> of its rows: the time of its start, or just later than the snapshot at the destination.</param>
/// <param name="Started">The time of its start; it may still wait, for a slot or a lock.</param>
public sealed record ExportAttempt(ExportBasis Of, DateTimeOffset SnapshotTime, DateTimeOffset Started);

/// <summary>An export that did not write.</summary>
/// <param name="Of">The basis of the export; None = an earlier process ran it.</param>
/// <param name="Message">One line, free of anything from a Secret.</param>
/// <param name="InARow">Failures since the last success, this one included; at least 1.</param>
/// <param name="Retry">The time of the next attempt; ignored after a refusal.</param>
public sealed record ExportFailure(Option<ExportBasis> Of, FailureClass Class, string Message, int InARow, DateTimeOffset At, Deadline Retry);

/// <summary>The class of a failed export.</summary>
public enum FailureClass
{
    /// <summary>Transient: tried again after a growing wait.</summary>
    TryLater,

    /// <summary>Permanent: tried again when something has changed.</summary>
    Refused,

    /// <summary>The destination holds a newer snapshot: tried again, with a later time, after a wait that grows.</summary>
    Superseded,
}

/// <summary>Whether a sink was ready since the last attempt to export through it.</summary>
public enum SinkReadiness
{
    /// <summary>Ready all the time.</summary>
    Ready,

    /// <summary>Missing, invalid or not ready.</summary>
    NotReady,

    /// <summary>Ready again, after it was not: after a failure that is a reason for another attempt.</summary>
    Recovered,
}
