using System.Diagnostics;
using Kollect.Core.Failures;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>The decision about one (inventory, sink ref). Closed. A changed fact always leads to another decision.</summary>
internal abstract record ExportDecision
{
    private ExportDecision(string why) => Why = why;

    /// <summary>For the log, one line.</summary>
    public string Why { get; }

    /// <summary>Export.</summary>
    /// <param name="Why">For the log, one line.</param>
    /// <param name="Basis">The basis of the export.</param>
    public sealed record ExportNow(string Why, ExportBasis Basis) : ExportDecision(Why);

    /// <summary>Decide again at this time.</summary>
    /// <param name="Time">Not before now.</param>
    /// <param name="Why">For the log, one line.</param>
    public sealed record WaitUntil(DateTimeOffset Time, string Why) : ExportDecision(Why);

    /// <summary>Decide again when a fact has changed, or an export of this ref or through this sink has ended.</summary>
    /// <param name="Why">For the log, one line.</param>
    public sealed record Nothing(string Why) : ExportDecision(Why);
}

/// <summary>The schedule of one (inventory, sink ref). Each ref has its own: a failing sink does not delay others.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Changed content is exported at once; what changes in the meantime, and for a fifth of a second at most after that, is exported together.</item>
/// <item>An edit is followed by an export after 0.5 to 1 s, together with all that changed meanwhile; further changes do not prolong the wait.</item>
/// <item>The rows of unchanged content are looked at after the interval, unless that is <c>0s</c>, and once a day all of them are compared.</item>
/// <item>After a transient failure, and where the destination holds a newer snapshot: after the back-off. Content that changes meanwhile does not
/// shorten it; an edited inventory or sink, a changed Secret, or a sink that becomes ready does.</item>
/// <item>After a refusal: when one of these four happens. Other content alone may cure it, too (one item that could not be stored), so it makes an attempt
/// once in an interval (30 s where that is <c>0s</c>).</item>
/// </list>
/// </remarks>
internal static class ExportSchedule
{
    /// <summary>One decision. Deciding again from the same facts at the same time decides the same.</summary>
    /// <param name="state">The state after the last decision or export.</param>
    /// <param name="jitter">0 to 1, anew for each decision.</param>
    /// <returns>The decision, and the state for the next one.</returns>
    public static (ExportDecision Decision, SinkExportState State) Decide(
        SinkExportState state, RefFacts facts, ExportInterval interval, CircuitBreaker breaker, DateTimeOffset now, double jitter)
    {
        var observed = state.Observed(facts, now, jitter);
        var decision = facts.Basis.Match(
            Right: basis => observed.Running.Match(
                run => Until(interval.Overdue(run.Started), "an export is running", now),
                () => Choose(observed, basis, interval, breaker, now)),
            Left: why => Until(observed.Overdue, why, now));
        return (decision, observed);
    }

    /// <summary>Nothing is exported; once the deadline is over, the status says so.</summary>
    private static ExportDecision Until(Option<Deadline> overdue, string why, DateTimeOffset now) =>
        overdue.Filter(it => !it.IsOver(now)).Match<ExportDecision>(it => new ExportDecision.WaitUntil(it.At, why), () => new ExportDecision.Nothing(why));

    private static ExportDecision Choose(SinkExportState observed, ExportBasis basis, ExportInterval interval, CircuitBreaker breaker, DateTimeOffset now)
    {
        var reasons = Reasons(observed, basis, interval, now);
        if (reasons.Find(reason => reason.Due.IsOver(now)).TrySome(out var due))
            return Ask(breaker.For(basis.Sink), due.Why, basis, now);
        return reasons.OrderBy(reason => reason.Due.At).ToSeq().HeadOrNone().Match<ExportDecision>(
            first => new ExportDecision.WaitUntil(first.Due.At, first.Why),
            () => new ExportDecision.Nothing(observed.LastFailure.Match(
                it => $"refused, and nothing has changed since: {it.Message}",
                () => "nothing has changed, and the interval is 0s")));
    }

    private static ExportDecision Ask(CircuitBreaker breaker, string why, ExportBasis basis, DateTimeOffset now) => breaker.Ask(now) switch
    {
        CircuitAnswer.Go => new ExportDecision.ExportNow(why, basis),
        CircuitAnswer.Wait it => new ExportDecision.WaitUntil(it.Until, $"{why}, but the circuit of the sink is open"),
        CircuitAnswer.WaitForTrial it => new ExportDecision.Nothing($"{why}, but first {it.Trial} tries the sink"),
        _ => throw new UnreachableException(),
    };

    /// <summary>All reasons for an export, each with its time.</summary>
    private static Seq<Reason> Reasons(SinkExportState observed, ExportBasis basis, ExportInterval interval, DateTimeOffset now)
    {
        var changed = observed.ReasonFor(basis).Match(
            change => observed.Window.Map(window => new Reason(change.ContentOnly ? Later(window, Spared(observed, interval)) : window, change.Why)),
            // Such a window is never over: the decision that would find it so closes it.
            () => observed.Window.Map(window => new Reason(window, "what had changed has changed back, perhaps not for good")));
        var again = observed.LastFailure.Match(
            it => it.Class == FailureClass.Refused ? None : Some(new Reason(it.Retry, FormattableString.Invariant($"attempt {it.InARow + 1}"))),
            () => observed.LookDue(interval, now).Map(due => new Reason(
                due, observed.Verified.IsSome || due.Length > TimeSpan.Zero ? $"the interval of {interval} is over" : "the operator was started")));
        var compared = observed.LastSuccess.Filter(it => observed.LastFailure.IsNone && !interval.ChangesOnly && it.ComparedAt.IsSome)
            .Map(it => new Reason(it.ComparisonDue, "the last comparison of all rows was a day ago"));
        return Join(changed.ToSeq(), Join(again.ToSeq(), compared.ToSeq()));
    }

    /// <summary>The minimum time between attempts with new content after a refusal.</summary>
    private static Option<Deadline> Spared(SinkExportState observed, ExportInterval interval) =>
        observed.LastFailure.Map(it => Deadline.After(it.At, interval.BetweenRefusals));

    private static Deadline Later(Deadline one, Option<Deadline> other) => other.Filter(it => it.At > one.At).IfNone(one);

    private sealed record Reason(Deadline Due, string Why);
}
