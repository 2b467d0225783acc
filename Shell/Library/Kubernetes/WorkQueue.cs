namespace Kollect.Shell.Kubernetes;

/// <summary>
/// A queue of keys. A key is worked on at most once at a time, and once more when it was added during the work. A key may also be scheduled
/// for a later time; adding it earlier does not cancel that.
/// </summary>
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

    /// <summary>Queues the key; no effect where it waits already.</summary>
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

    /// <summary>Queues the key after a wait; replaces an earlier schedule of the same key.</summary>
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
    /// <param name="work">Handles its own failures: an exception that escapes ends the whole run.</param>
    /// <param name="atOnce">At least 1.</param>
    /// <param name="cancel">Ends the run after the current work has ended.</param>
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
                // Cancellation is how a worker ends.
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

    /// <summary>A timer that fires while it is replaced adds the key once more than needed, which does no harm.</summary>
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
