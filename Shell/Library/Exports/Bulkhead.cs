namespace Kollect.Shell.Exports;

/// <summary>Limits concurrent work. Work that failed last time has separate slots, a quarter as many, and so does not delay other work.</summary>
/// <param name="atOnce">At least 1.</param>
internal sealed class Bulkhead(int atOnce) : IDisposable
{
    private readonly SemaphoreSlim slots = new(atOnce);
    private readonly SemaphoreSlim retrySlots = new(Math.Max(1, atOnce / 4));

    /// <summary>Waits for a slot; disposing the result releases it.</summary>
    public async Task<IDisposable> EnterAsync(bool failedLast, CancellationToken cancel)
    {
        var chosen = failedLast ? retrySlots : slots;
        await chosen.WaitAsync(cancel);
        return new Release(() => chosen.Release());
    }

    public void Dispose()
    {
        slots.Dispose();
        retrySlots.Dispose();
    }
}

/// <summary>Releases the slot once.</summary>
internal sealed class Release(Action give) : IDisposable
{
    private Action? give = give;

    public void Dispose() => Interlocked.Exchange(ref give, null)?.Invoke();
}
