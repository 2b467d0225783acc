using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>What is remembered of one (inventory, sink ref) between two decisions.</summary>
/// <param name="LastSuccess">The last export that wrote; None = none did.</param>
/// <param name="LastFailure">How the last export failed; None = it did not, or there was none.</param>
/// <param name="Running">The export that runs now; there is never a second one.</param>
/// <param name="Window">There was a change, and further ones are waited for until then, also one that reverts it.</param>
/// <param name="Sink">Whether the sink was ready since the last attempt.</param>
/// <param name="Newest">Time of the newest snapshot that is known to stand at the destination.</param>
public sealed record SinkExportState(
    Option<ExportSuccess> LastSuccess,
    Option<ExportFailure> LastFailure,
    Option<ExportAttempt> Running,
    Option<Deadline> Window,
    SinkReadiness Sink,
    Option<DateTimeOffset> Newest)
{
    /// <summary>Of a ref that is observed for the first time.</summary>
    public static SinkExportState Initial { get; } = new(None, None, None, None, SinkReadiness.Ready, None);

    /// <summary>
    /// After a restart, from <c>status.sinkExports[]</c>. A ref that had failed is tried at once, as something may have changed since;
    /// its failures still count.
    /// </summary>
    /// <param name="success">None = there was none.</param>
    /// <param name="failure">None = the last export did not fail. Its <see cref="ExportFailure.Of"/> is forgotten.</param>
    public static SinkExportState Restored(Option<ExportSuccess> success, Option<ExportFailure> failure) => Initial with
    {
        LastSuccess = success,
        LastFailure = failure.Map(it => it with { Of = None }),
        Newest = success.Map(it => it.At),
    };

    /// <summary>
    /// What has changed since the last attempt in a way that gives reason for another one; None = nothing. To a destination that is down, other content is
    /// no reason.
    /// </summary>
    public Option<Difference> ReasonFor(ExportBasis basis) =>
        Running.Match(it => basis.Since(it.Of), () => LastFailure.Match(
            it => ReasonAfter(it, basis),
            () => LastSuccess.Match(it => basis.Since(it.Of), () => new Difference("first export", ContentOnly: false))));

    /// <summary>The state once these facts are known.</summary>
    /// <param name="facts">What is known now.</param>
    /// <param name="now">When.</param>
    /// <param name="jitter">0 to 1, anew for each decision: how much shorter a window is that opens now.</param>
    public SinkExportState Observed(RefFacts facts, DateTimeOffset now, double jitter)
    {
        var isReady = facts.Sink is SinkAvailability.Usable { Ready: true };
        var observed = this with { Sink = !isReady ? SinkReadiness.NotReady : Sink == SinkReadiness.NotReady ? SinkReadiness.Recovered : Sink };
        return facts.Basis.Match(
            Right: basis => observed with { Window = WindowFor(observed.ReasonFor(basis).IsSome, now, jitter) },
            Left: _ => observed);
    }

    /// <summary>An export starts now.</summary>
    /// <param name="basis">What it is made of.</param>
    /// <param name="now">When.</param>
    public SinkExportState Started(ExportBasis basis, DateTimeOffset now) =>
        this with { Running = new ExportAttempt(basis, SnapshotTime(now)), Window = None, Sink = SinkReadiness.Ready };

    /// <summary>The running export has ended; without one nothing is remembered.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="now">When.</param>
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
    /// Later than what the destination holds, or it would be superseded: a clock that was set back would stop exports until it is where it was.
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
            LastFailure = new ExportFailure(attempt.Of, kind, ExportReport.Of(result).Message, failures, now, Deadline.After(now, wait)),
            Running = None,
            Window = None,
        };
    }
}

/// <summary>An export that wrote.</summary>
/// <param name="Of">What it was made of.</param>
/// <param name="At">When it ended.</param>
/// <param name="Outcome">What it counted.</param>
public sealed record ExportSuccess(ExportBasis Of, DateTimeOffset At, ExportOutcome Outcome);

/// <summary>An export that runs.</summary>
/// <param name="Of">What it is made of.</param>
/// <param name="SnapshotTime"><c>exported_at</c> of its rows: now, or just later than what stands at the destination.</param>
public sealed record ExportAttempt(ExportBasis Of, DateTimeOffset SnapshotTime);

/// <summary>An export that did not write.</summary>
/// <param name="Of">What it was made of; None = an earlier process made it.</param>
/// <param name="Class">Which kind of failure.</param>
/// <param name="Message">One line, free of anything from a Secret.</param>
/// <param name="InARow">Failures since the last success, this one included; at least 1.</param>
/// <param name="At">When it ended.</param>
/// <param name="Retry">When the next one makes sense; of no meaning where it was refused.</param>
public sealed record ExportFailure(Option<ExportBasis> Of, FailureClass Class, string Message, int InARow, DateTimeOffset At, Deadline Retry);

/// <summary>How an export fails.</summary>
public enum FailureClass
{
    /// <summary>It passes: tried again after a wait that grows.</summary>
    TryLater,

    /// <summary>It does not: tried again when something has changed.</summary>
    Refused,

    /// <summary>The destination holds a newer snapshot: tried again, with a later time, after a wait that grows.</summary>
    Superseded,
}

/// <summary>Whether a sink was ready since the last attempt to export through it.</summary>
public enum SinkReadiness
{
    /// <summary>Ready all the time.</summary>
    Ready,

    /// <summary>Gone, invalid or not ready.</summary>
    NotReady,

    /// <summary>Ready again, after it was not: after a failure that is a reason for another attempt.</summary>
    Recovered,
}
