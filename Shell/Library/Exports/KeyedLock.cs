namespace Kollect.Shell.Exports;

/// <summary>One at a time for each key, in the order in which they came.</summary>
internal sealed class KeyedLock<TKey>
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, (SemaphoreSlim Held, int Users)> locks = [];

    /// <summary>Waits for the lock; it is free again when the result is disposed.</summary>
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

    /// <summary>The last one out takes the key along.</summary>
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
