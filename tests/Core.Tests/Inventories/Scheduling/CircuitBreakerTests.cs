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
        Enumerable.Repeat(A, times).Aggregate(breaker, (it, inventory) => it.After(Sink, inventory, Down, Now, 0.5));

    private static CircuitBreaker HalfOpen => Failed(CircuitBreaker.New(Sink), 5).Started(A, Now + Waits.CircuitBreaker);

    [Fact]
    public void Four_failures_leave_the_circuit_closed_and_the_fifth_opens_it()
    {
        Assert.Equal(new CircuitState.Closed(4), Failed(CircuitBreaker.New(Sink), 4).State);
        Assert.Equal(new CircuitAnswer.Wait(Now.AddSeconds(30)), Failed(CircuitBreaker.New(Sink), 5).Ask(Now));
    }

    [Fact]
    public void A_refusal_resets_the_count_of_failures_because_the_server_answers() =>
        Assert.Equal(new CircuitState.Closed(4), Failed(Failed(CircuitBreaker.New(Sink), 4).After(Sink, A, Refused, Now, 0.5), 4).State);

    [Fact]
    public void Other_inventories_wait_while_a_trial_runs()
    {
        Assert.Equal(new CircuitAnswer.WaitForTrial(A), HalfOpen.Ask(Now.AddHours(1)));
        Assert.Equal(HalfOpen, HalfOpen.Started(B, Now.AddHours(1)));
    }

    [Fact]
    public void Only_a_failure_of_the_trial_opens_the_circuit_again()
    {
        Assert.Equal(HalfOpen, HalfOpen.After(Sink, B, Down, Now, 0.5));
        Assert.IsType<CircuitState.Open>(HalfOpen.After(Sink, A, Down, Now, 0.5).State);
        Assert.Equal(new CircuitState.Closed(0), HalfOpen.After(Sink, B, Refused, Now, 0.5).State);
    }

    [Fact]
    public void A_cancelled_trial_lets_the_next_trial_start()
    {
        Assert.Equal(new CircuitAnswer.Go(), HalfOpen.Abandoned(A, Now).Ask(Now));
        Assert.Equal(new CircuitState.HalfOpen(B), HalfOpen.Abandoned(A, Now).Started(B, Now).State);
        Assert.Equal(HalfOpen, HalfOpen.Abandoned(B, Now));
    }

    [Fact]
    public void A_failure_in_an_open_circuit_does_not_extend_the_wait()
    {
        var open = Failed(CircuitBreaker.New(Sink), 5);
        Assert.Equal(open, open.After(Sink, B, Down, Now.AddSeconds(20), 0.5));
    }

    [Fact]
    public void An_edited_sink_gets_a_closed_circuit_and_late_results_of_the_old_version_are_ignored()
    {
        var edited = Failed(CircuitBreaker.New(Sink), 5).For(new SinkVersion(2, "platform/pg=1"));
        Assert.Equal(new CircuitState.Closed(0), edited.State);
        Assert.Equal(edited, edited.After(Sink, A, Down, Now, 0.5));
    }
}
