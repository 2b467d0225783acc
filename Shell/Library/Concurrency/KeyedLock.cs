namespace Kollect.Shell.Concurrency;

/// <summary>A lock for each key, granted in the order of the requests.</summary>
internal sealed class KeyedLock<TKey>
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, (SemaphoreSlim Held, int Users)> locks = [];

    /// <summary>Waits for the lock; disposing the result releases it.</summary>
    public async Task<IDisposable> LockAsync(TKey key, CancellationToken cancel)
    {
        var held = Join(key);
        try
        {
            await held.WaitAsync(cancel);
        }
        catch
        {
            Leave(key);
            throw;
        }

        return new Release(() =>
        {
            held.Release();
            Leave(key);
        });
    }

    private SemaphoreSlim Join(TKey key)
    {
        lock (gate)
        {
            var (held, users) = locks.TryGetValue(key, out var known) ? known : (new SemaphoreSlim(1), 0);
            locks[key] = (held, users + 1);
            return held;
        }
    }

    /// <summary>Removes the key with its last user.</summary>
    private void Leave(TKey key)
    {
        lock (gate)
        {
            var (held, users) = locks[key];
            if (users > 1)
                locks[key] = (held, users - 1);
            else if (locks.Remove(key))
                held.Dispose();
        }
    }
}
