namespace Kollect.Shell.Exports;

/// <summary>So many at once, and what failed last never takes the place of the living: it has a quarter of that for itself.</summary>
/// <param name="atOnce">At least 1.</param>
internal sealed class Bulkhead(int atOnce) : IDisposable
{
    private readonly SemaphoreSlim slots = new(atOnce);
    private readonly SemaphoreSlim retrySlots = new(Math.Max(1, atOnce / 4));

    /// <summary>Waits for a place; it is free again when the result is disposed.</summary>
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

/// <summary>Gives back what was taken, once.</summary>
internal sealed class Release(Action give) : IDisposable
{
    private Action? give = give;

    public void Dispose() => Interlocked.Exchange(ref give, null)?.Invoke();
}
