using System.Diagnostics.CodeAnalysis;
using Kollect.Shell.Concurrency;

namespace Kollect.Operator.Kubernetes;

/// <summary>
/// A queue of keys. A key is worked on at most once at a time, and once more when it was added during the work. A key may also be scheduled
/// for a later time; adding it earlier does not cancel that. Keys of several tenants are worked on in turn.
/// </summary>
/// <param name="time">The clock of schedules.</param>
/// <param name="tenant">The tenant of a key; null = all are of one.</param>
/// <param name="share">Keys of one tenant that are worked on at once; the others of it wait. At least 1.</param>
internal sealed class WorkQueue<TKey>(TimeProvider time, Func<TKey, string>? tenant = null, int share = int.MaxValue) : IDisposable
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly FairQueue<TKey> ready = new(share);
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
            ready.Add(TenantOf(key), key);
        }

        signal.Release();
    }

    /// <summary>A timer holds 49 days at most, and a time in a manifest may lie in any year: the work then decides again.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Queues the key after a wait, a day at most; replaces an earlier schedule of the same key.</summary>
    public void AddAfter(TKey key, TimeSpan wait)
    {
        lock (gate)
        {
            if (due.Remove(key, out var earlier))
                earlier.Dispose();
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait;
            due[key] = time.CreateTimer(_ => Due(key), null, wait, Timeout.InfiniteTimeSpan);
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
                    if (!TryTake(out var key))
                        continue; // the share of its tenant is taken: the end of one of them signals again
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

    private string TenantOf(TKey key) => tenant?.Invoke(key) ?? "";

    private bool TryTake([MaybeNullWhen(false)] out TKey key)
    {
        lock (gate)
        {
            if (!ready.TryTake(out key))
                return false;
            waiting.Remove(key);
            running.Add(key);
            return true;
        }
    }

    private void Done(TKey key)
    {
        lock (gate)
        {
            running.Remove(key);
            ready.Release(TenantOf(key));
            if (waiting.Contains(key))
                ready.Add(TenantOf(key), key);
        }

        signal.Release();
    }
}
