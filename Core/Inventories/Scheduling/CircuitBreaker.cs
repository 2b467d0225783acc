using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>How the exports through one sink have fared. Closed.</summary>
public abstract record CircuitState
{
    private CircuitState() { }

    /// <summary>Exports run.</summary>
    /// <param name="FailuresInARow">Of all refs together; 0 = the last one worked.</param>
    public sealed record Closed(int FailuresInARow) : CircuitState;

    /// <summary>None runs.</summary>
    /// <param name="Until">From then on one may try.</param>
    public sealed record Open(Deadline Until) : CircuitState;

    /// <summary>One runs, and the others wait for its end.</summary>
    /// <param name="Trial">Whose export it is.</param>
    public sealed record HalfOpen(InventoryName Trial) : CircuitState;
}

/// <summary>Spares a sink that does not answer, and those who wait for it: one for all refs on the sink.</summary>
/// <remarks>
/// Only <see cref="Failure.TryLater"/> counts; any other end of an export came from a server that answers. Each export that was announced by
/// <see cref="Started"/> must end in <see cref="After"/> or <see cref="Abandoned"/>, or a trial would hold the others up for ever.
/// </remarks>
/// <param name="Of">The sink and Secrets that these experiences were made with; with others they count for nothing.</param>
/// <param name="State">What they say.</param>
public sealed record CircuitBreaker(SinkVersion Of, CircuitState State)
{
    /// <summary>So many failures in a row open the circuit.</summary>
    public const int Threshold = 5;

    /// <summary>Nothing is known of the sink.</summary>
    public static CircuitBreaker New(SinkVersion sink) => new(sink, new CircuitState.Closed(0));

    /// <summary>Begins anew where the sink or a Secret has changed. To be called before <see cref="Ask"/>.</summary>
    public CircuitBreaker For(SinkVersion sink) => sink == Of ? this : New(sink);

    /// <summary>May an export start? One that does is announced by <see cref="Started"/> before the next one asks.</summary>
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
    /// <param name="sink">What it was started with; an export of another version teaches nothing.</param>
    /// <param name="who">Whose export it was.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="now">When.</param>
    public CircuitBreaker After(SinkVersion sink, InventoryName who, ExportResult result, DateTimeOffset now) =>
        sink != Of ? this : result is ExportResult.Failed { Failure: Failure.TryLater } ? Failed(who, now) : New(Of);

    /// <summary>An export was cancelled by the operator: if it was the trial, the next one is.</summary>
    public CircuitBreaker Abandoned(InventoryName who, DateTimeOffset now) =>
        IsTrial(who) ? this with { State = new CircuitState.Open(Deadline.After(now, TimeSpan.Zero)) } : this;

    private CircuitBreaker Failed(InventoryName who, DateTimeOffset now) => State switch
    {
        CircuitState.Closed it when it.FailuresInARow + 1 < Threshold => this with { State = new CircuitState.Closed(it.FailuresInARow + 1) },
        CircuitState.Closed => Opened(now),
        CircuitState.HalfOpen when IsTrial(who) => Opened(now),
        // Started before the circuit opened: it says nothing new.
        CircuitState.Open or CircuitState.HalfOpen => this,
        _ => throw new UnreachableException(),
    };

    private bool IsTrial(InventoryName who) => State is CircuitState.HalfOpen it && it.Trial == who;

    private CircuitBreaker Opened(DateTimeOffset now) => this with { State = new CircuitState.Open(Deadline.After(now, Waits.CircuitBreaker)) };
}

/// <summary>What a breaker says to one who wants to export. Closed.</summary>
public abstract record CircuitAnswer
{
    private CircuitAnswer() { }

    /// <summary>Start.</summary>
    public sealed record Go : CircuitAnswer;

    /// <summary>The sink is spared.</summary>
    /// <param name="Until">Ask again then.</param>
    public sealed record Wait(DateTimeOffset Until) : CircuitAnswer;

    /// <summary>The sink is being tried. Ask again when that export has ended.</summary>
    /// <param name="Trial">By whom.</param>
    public sealed record WaitForTrial(InventoryName Trial) : CircuitAnswer;
}
