namespace Kollect.Shell.Kubernetes;

/// <summary>
/// Keys that want to be worked on: each at most once at a time, and once more when it was added while at work. A key may also be due
/// at some later time; adding it earlier does not cancel that.
/// </summary>
/// <param name="time">For what is due later.</param>
public sealed class WorkQueue<TKey>(TimeProvider time) : IDisposable
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Queue<TKey> ready = new();
    private readonly System.Collections.Generic.HashSet<TKey> waiting = [];
    private readonly System.Collections.Generic.HashSet<TKey> running = [];
    private readonly Dictionary<TKey, ITimer> due = [];
    private readonly SemaphoreSlim signal = new(0);

    /// <summary>Keys that wait for a worker.</summary>
    public int Depth
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>As soon as a worker is free; no effect on a key that waits already.</summary>
    public void Add(TKey key)
    {
        lock (gate)
        {
            if (!waiting.Add(key) || running.Contains(key))
                return;
            ready.Enqueue(key);
        }

        signal.Release();
    }

    /// <summary>After a while; replaces what was due before.</summary>
    public void AddAfter(TKey key, TimeSpan wait)
    {
        lock (gate)
        {
            if (due.Remove(key, out var earlier))
                earlier.Dispose();
            due[key] = time.CreateTimer(_ => Due(key), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Works until cancelled, on at most <paramref name="atOnce"/> keys at a time.</summary>
    /// <param name="work">Handles its own failures: one that escapes ends the whole run.</param>
    /// <param name="atOnce">At least 1.</param>
    /// <param name="cancel">Ends it, after the work under way has ended.</param>
    public async Task RunAsync(Func<TKey, CancellationToken, Task> work, int atOnce, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => WorkAsync()));

        async Task WorkAsync()
        {
            try
            {
                while (true)
                {
                    await signal.WaitAsync(stop.Token);
                    var key = Take();
                    try
                    {
                        await work(key, stop.Token);
                    }
                    finally
                    {
                        Done(key);
                    }
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The end of a worker.
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var timer in due.Values)
                timer.Dispose();
            due.Clear();
        }
    }

    /// <summary>A timer that fires while it is replaced adds the key once too often, which does no harm.</summary>
    private void Due(TKey key)
    {
        lock (gate)
            if (due.Remove(key, out var timer))
                timer.Dispose();
        Add(key);
    }

    private TKey Take()
    {
        lock (gate)
        {
            var key = ready.Dequeue();
            waiting.Remove(key);
            running.Add(key);
            return key;
        }
    }

    private void Done(TKey key)
    {
        lock (gate)
        {
            running.Remove(key);
            if (!waiting.Contains(key))
                return;
            ready.Enqueue(key);
        }

        signal.Release();
    }
}
