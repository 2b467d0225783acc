using Kollect.Shell.Concurrency;

namespace Kollect.Shell.Tests.Exports;

/// <summary>One export per table and inventory at a time.</summary>
public sealed class KeyedLockTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_for_one_key_run_one_after_the_other_and_other_keys_do_not_wait()
    {
        var locks = new KeyedLock<string>();
        var first = await locks.LockAsync("items", Cancel);
        var second = locks.LockAsync("items", Cancel);
        using (await locks.LockAsync("others", Cancel))
            Assert.False(second.IsCompleted);
        first.Dispose();
        first.Dispose(); // a second call has no effect
        using var third = locks.LockAsync("items", Cancel);
        using (await second)
            Assert.False(third.IsCompleted);
        (await third).Dispose();
    }

    [Fact]
    public async Task A_cancelled_wait_does_not_delay_others()
    {
        var locks = new KeyedLock<string>();
        using var stop = new CancellationTokenSource();
        var first = await locks.LockAsync("items", Cancel);
        var second = locks.LockAsync("items", stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        (await locks.LockAsync("items", Cancel)).Dispose();
    }

    [Fact]
    public async Task A_key_never_has_two_holders_at_once()
    {
        var locks = new KeyedLock<int>();
        var inside = new int[3];
        await Parallel.ForEachAsync(Enumerable.Range(0, 3_000), Cancel, async (i, cancel) =>
        {
            var key = i % 3;
            using var held = await locks.LockAsync(key, cancel);
            Assert.Equal(1, Interlocked.Increment(ref inside[key]));
            await Task.Yield();
            Interlocked.Decrement(ref inside[key]);
        });
    }
}
