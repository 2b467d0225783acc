using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Inventories.Scheduling;

public sealed class CircuitBreakerTests
{
    private static readonly SinkVersion Sink = new(1, "platform/pg=1");
    private static readonly DateTimeOffset Now = World.Start;
    private static readonly InventoryName A = new("shop", "a");
    private static readonly InventoryName B = new("shop", "b");
    private static readonly ExportResult Down = new ExportResult.Failed(new Failure.TryLater("no answer", TimeSpan.Zero));
    private static readonly ExportResult Refused = new ExportResult.Failed(new Failure.Refused("wrong password"));

    private static CircuitBreaker Failed(CircuitBreaker breaker, int times) =>
        Enumerable.Repeat(A, times).Aggregate(breaker, (it, who) => it.After(Sink, who, Down, Now));

    private static CircuitBreaker HalfOpen => Failed(CircuitBreaker.New(Sink), 5).Starting(A, Now + Waits.CircuitBreaker);

    [Fact]
    public void Four_failures_leave_it_closed_and_the_fifth_opens_it()
    {
        Assert.Equal(new CircuitState.Closed(4), Failed(CircuitBreaker.New(Sink), 4).State);
        Assert.Equal(new CircuitAnswer.Wait(Now.AddSeconds(30)), Failed(CircuitBreaker.New(Sink), 5).Ask(Now));
    }

    [Fact]
    public void A_refusal_comes_from_a_server_that_answers() =>
        Assert.Equal(new CircuitState.Closed(4), Failed(Failed(CircuitBreaker.New(Sink), 4).After(Sink, A, Refused, Now), 4).State);

    [Fact]
    public void While_the_trial_runs_everybody_else_waits_for_it()
    {
        Assert.Equal(new CircuitAnswer.WaitForTrial(A), HalfOpen.Ask(Now.AddHours(1)));
        Assert.Equal(HalfOpen, HalfOpen.Starting(B, Now.AddHours(1)));
    }

    [Fact]
    public void Only_the_trial_opens_the_circuit_again()
    {
        Assert.Equal(HalfOpen, HalfOpen.After(Sink, B, Down, Now));
        Assert.IsType<CircuitState.Open>(HalfOpen.After(Sink, A, Down, Now).State);
        Assert.Equal(new CircuitState.Closed(0), HalfOpen.After(Sink, B, Refused, Now).State);
    }

    [Fact]
    public void A_trial_that_was_broken_off_makes_room_for_the_next_one()
    {
        Assert.Equal(new CircuitAnswer.Go(), HalfOpen.Abandoned(A, Now).Ask(Now));
        Assert.Equal(new CircuitState.HalfOpen(B), HalfOpen.Abandoned(A, Now).Starting(B, Now).State);
        Assert.Equal(HalfOpen, HalfOpen.Abandoned(B, Now));
    }

    [Fact]
    public void A_failure_in_an_open_circuit_does_not_prolong_the_pause()
    {
        var open = Failed(CircuitBreaker.New(Sink), 5);
        Assert.Equal(open, open.After(Sink, B, Down, Now.AddSeconds(20)));
    }

    [Fact]
    public void Another_version_of_the_sink_starts_anew_and_late_results_of_the_old_one_count_for_nothing()
    {
        var edited = Failed(CircuitBreaker.New(Sink), 5).Seeing(new SinkVersion(2, "platform/pg=1"));
        Assert.Equal(new CircuitState.Closed(0), edited.State);
        Assert.Equal(edited, edited.After(Sink, A, Down, Now));
    }
}
