using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>The state of the circuit breaker of one sink. Closed.</summary>
internal abstract record CircuitState
{
    private CircuitState() { }

    /// <summary>Exports run.</summary>
    /// <param name="FailuresInARow">Of all refs together; 0 = the last export succeeded.</param>
    public sealed record Closed(int FailuresInARow) : CircuitState;

    /// <summary>No export runs.</summary>
    /// <param name="Until">After this time one export may run as a trial.</param>
    public sealed record Open(Deadline Until) : CircuitState;

    /// <summary>One export runs as a trial, and the others wait for its end.</summary>
    public sealed record HalfOpen(InventoryName Trial) : CircuitState;
}

/// <summary>Pauses the exports to a sink that does not answer: one breaker for all refs on the sink.</summary>
/// <remarks>
/// Only <see cref="Failure.TryLater"/> counts; any other end of an export came from a server that answers. A server that cannot be reached opens the
/// circuit with the first failure, for a few seconds: the trial is then the one attempt to connect. Each export that was announced by
/// <see cref="Started"/> must end in <see cref="After"/> or <see cref="Abandoned"/>, or a trial would block the others forever.
/// </remarks>
/// <param name="Of">The sink and Secrets that the state applies to; another version starts anew.</param>
internal sealed record CircuitBreaker(SinkVersion Of, CircuitState State)
{
    /// <summary>The number of consecutive failures that opens the circuit.</summary>
    public const int Threshold = 5;

    /// <summary>Attempts in a row in which the server could not be reached; 0 = the last one reached it.</summary>
    public int Unreached { get; init; }

    /// <summary>True = the sink is spared for so long that it is worth a report.</summary>
    public bool IsReported => State is not CircuitState.Closed && (Unreached == 0 || Unreached >= Threshold);

    /// <summary>The breaker of a sink without exports so far.</summary>
    public static CircuitBreaker New(SinkVersion sink) => new(sink, new CircuitState.Closed(0));

    /// <summary>Resets the state if the sink or a Secret has changed. Call it before <see cref="Ask"/>.</summary>
    public CircuitBreaker For(SinkVersion sink) => sink == Of ? this : New(sink);

    /// <summary>The answer whether an export may start. An export that starts calls <see cref="Started"/> before the next call.</summary>
    public CircuitAnswer Ask(DateTimeOffset now) => State switch
    {
        CircuitState.Closed => new CircuitAnswer.Go(),
        CircuitState.Open it => it.Until.IsOver(now) ? new CircuitAnswer.Go() : new CircuitAnswer.Wait(it.Until.At),
        CircuitState.HalfOpen it => new CircuitAnswer.WaitForTrial(it.Trial),
        _ => throw new UnreachableException(),
    };

    /// <summary>An export starts. The first one after the pause is the trial.</summary>
    public CircuitBreaker Started(InventoryName who, DateTimeOffset now) =>
        State is CircuitState.Open it && it.Until.IsOver(now) ? this with { State = new CircuitState.HalfOpen(who) } : this;

    /// <summary>An export has ended.</summary>
    /// <param name="sink">The version that the export was started with; another version is ignored.</param>
    /// <param name="jitter">0 to 1: where in its spread the wait for a server lies that cannot be reached.</param>
    public CircuitBreaker After(SinkVersion sink, InventoryName who, ExportResult result, DateTimeOffset now, double jitter) =>
        result is not ExportResult.Failed { Failure: Failure.TryLater it } ? Answered(sink)
        : sink != Of ? this
        : it.IsOfConnection ? Unreachable(who, now, jitter)
        : (this with { Unreached = 0 }).Failed(who, now);

    /// <summary>The server has answered.</summary>
    /// <param name="sink">As for <see cref="After"/>.</param>
    public CircuitBreaker Answered(SinkVersion sink) => sink == Of ? New(Of) : this;

    /// <summary>The operator cancelled an export: if it was the trial, the next export is the trial.</summary>
    public CircuitBreaker Abandoned(InventoryName who, DateTimeOffset now) =>
        IsTrial(who) ? this with { State = new CircuitState.Open(Deadline.After(now, TimeSpan.Zero)) } : this;

    private CircuitBreaker Unreachable(InventoryName who, DateTimeOffset now, double jitter) => State is CircuitState.Closed || IsTrial(who)
        ? this with { State = new CircuitState.Open(Deadline.After(now, Waits.Connections.After(Unreached + 1, jitter))), Unreached = Unreached + 1 }
        : this;

    private CircuitBreaker Failed(InventoryName who, DateTimeOffset now) => State switch
    {
        CircuitState.Closed it when it.FailuresInARow + 1 < Threshold => this with { State = new CircuitState.Closed(it.FailuresInARow + 1) },
        CircuitState.Closed => Opened(now),
        CircuitState.HalfOpen when IsTrial(who) => Opened(now),
        // Started before the circuit opened: it does not count.
        CircuitState.Open or CircuitState.HalfOpen => this,
        _ => throw new UnreachableException(),
    };

    private bool IsTrial(InventoryName who) => State is CircuitState.HalfOpen it && it.Trial == who;

    private CircuitBreaker Opened(DateTimeOffset now) => this with { State = new CircuitState.Open(Deadline.After(now, Waits.CircuitBreaker)) };
}

/// <summary>The answer of a breaker to an export that is due. Closed.</summary>
internal abstract record CircuitAnswer
{
    private CircuitAnswer() { }

    /// <summary>The export may start.</summary>
    public sealed record Go : CircuitAnswer;

    /// <summary>The sink is paused.</summary>
    /// <param name="Until">The time of the next decision.</param>
    public sealed record Wait(DateTimeOffset Until) : CircuitAnswer;

    /// <summary>A trial export runs. Decide again when it has ended.</summary>
    public sealed record WaitForTrial(InventoryName Trial) : CircuitAnswer;
}
