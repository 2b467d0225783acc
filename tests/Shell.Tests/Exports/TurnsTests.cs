using Kollect.Shell.Exports;

namespace Kollect.Shell.Tests.Exports;

/// <summary>One writer per table, and what failed last never takes the place of the living.</summary>
public sealed class TurnsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_one_key_they_come_one_after_the_other_and_other_keys_do_not_wait()
    {
        var turns = new Turns<string>();
        var first = await turns.EnterAsync("items", Cancel);
        var second = turns.EnterAsync("items", Cancel);
        using (await turns.EnterAsync("others", Cancel))
            Assert.False(second.IsCompleted);
        first.Dispose();
        first.Dispose(); // once more does no harm
        using var third = turns.EnterAsync("items", Cancel);
        using (await second)
            Assert.False(third.IsCompleted);
        (await third).Dispose();
    }

    [Fact]
    public async Task Who_gives_up_waiting_holds_nobody_up()
    {
        var turns = new Turns<string>();
        using var stop = new CancellationTokenSource();
        var first = await turns.EnterAsync("items", Cancel);
        var second = turns.EnterAsync("items", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        (await turns.EnterAsync("items", Cancel)).Dispose();
    }

    [Fact]
    public async Task Never_two_at_once_whoever_comes_and_goes()
    {
        var turns = new Turns<int>();
        var inside = new int[3];
        await Parallel.ForEachAsync(Enumerable.Range(0, 3_000), Cancel, async (i, cancel) =>
        {
            var key = i % 3;
            using var turn = await turns.EnterAsync(key, cancel);
            Assert.Equal(1, Interlocked.Increment(ref inside[key]));
            await Task.Yield();
            Interlocked.Decrement(ref inside[key]);
        });
    }

    [Fact]
    public async Task Those_that_failed_have_a_quarter_of_the_lanes_and_no_more()
    {
        using var lanes = new Lanes(4);
        using var failed = await lanes.EnterAsync(failedLast: true, Cancel);
        var next = lanes.EnterAsync(failedLast: true, Cancel);
        foreach (var place in Enumerable.Range(0, 4))
            _ = await lanes.EnterAsync(failedLast: false, Cancel);
        Assert.False(next.IsCompleted);
        failed.Dispose();
        (await next).Dispose();
    }
}
