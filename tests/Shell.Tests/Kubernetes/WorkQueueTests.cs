using System.Collections.Concurrent;
using Kollect.Operator.Kubernetes;

namespace Kollect.Shell.Tests.Kubernetes;

public sealed class WorkQueueTests
{
    [Fact]
    public async Task No_key_is_worked_on_twice_at_once_and_no_key_added_meanwhile_is_lost()
    {
        using var queue = new WorkQueue<int>(TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var atWork = new ConcurrentDictionary<int, bool>();
        var seen = new int[5];
        var wanted = new int[5];
        var overlaps = 0;
        var run = queue.RunAsync(
            async (key, cancel) =>
            {
                if (!atWork.TryAdd(key, true))
                    Interlocked.Increment(ref overlaps);
                Volatile.Write(ref seen[key], Volatile.Read(ref wanted[key]));
                await Task.Yield();
                atWork.TryRemove(key, out _);
            },
            4,
            stop.Token);
        for (var i = 1; i <= 20_000; i++)
        {
            Volatile.Write(ref wanted[i % 5], i);
            queue.Add(i % 5);
        }

        await Eventually.HoldsAsync(() => Task.FromResult(seen.SequenceEqual(wanted)));
        await stop.CancelAsync();
        await run;
        Assert.Equal(0, overlaps);
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public async Task A_key_is_worked_on_when_it_is_due_and_its_last_schedule_counts()
    {
        using var queue = new WorkQueue<string>(TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var done = new ConcurrentQueue<string>();
        var run = queue.RunAsync(
            (key, _) =>
            {
                done.Enqueue(key);
                return Task.CompletedTask;
            },
            1,
            stop.Token);
        queue.AddAfter("later", TimeSpan.FromHours(1));
        queue.AddAfter("earlier", TimeSpan.FromHours(1));
        queue.AddAfter("earlier", TimeSpan.FromMilliseconds(10));
        await Eventually.HoldsAsync(() => Task.FromResult(!done.IsEmpty));
        await stop.CancelAsync();
        await run;
        Assert.Equal(["earlier"], done);
    }

    [Fact]
    public async Task An_exception_that_escapes_from_the_work_ends_the_run()
    {
        using var queue = new WorkQueue<string>(TimeProvider.System);
        queue.Add("broken");
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => queue.RunAsync((_, _) => throw new InvalidOperationException(), 3, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Keys_of_a_tenant_whose_work_does_not_end_leave_workers_to_the_others()
    {
        using var queue = new WorkQueue<string>(TimeProvider.System, static key => key[..1], share: 2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (begun, end) = (new ConcurrentQueue<string>(), new TaskCompletionSource());
        foreach (var key in Enumerable.Range(0, 100).Select(i => $"a{i}").Append("b0").Append("c0"))
            queue.Add(key);
        var run = queue.RunAsync(
            (key, _) =>
            {
                begun.Enqueue(key);
                return key[0] == 'a' ? end.Task : Task.CompletedTask;
            },
            4,
            stop.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(begun.Contains("b0") && begun.Contains("c0")));
        Assert.Equal(["a0", "a1"], begun.Where(key => key[0] == 'a'));
        queue.Add("b1");
        await Eventually.HoldsAsync(() => Task.FromResult(begun.Contains("b1")));
        end.SetResult();
        await Eventually.HoldsAsync(() => Task.FromResult(begun.Count == 103));
        await stop.CancelAsync();
        await run;
        Assert.Equal(0, queue.Depth);
    }
}
