namespace Kollect.Shell.Concurrency;

/// <summary>
/// Limits concurrent work of several tenants: no tenant holds more than its share, so that one whose work does not end leaves the other slots to the
/// others, and those that wait are served in turn, one of each tenant. Within a tenant the order of the calls is kept.
/// </summary>
/// <param name="atOnce">The number of slots; at least 1.</param>
/// <param name="share">Slots of one tenant; at least 1.</param>
internal sealed class FairSlots(int atOnce, int share)
{
    private readonly Lock gate = new();
    private readonly FairQueue<TaskCompletionSource> waiting = new(share);
    private int held;

    /// <summary>A quarter of the slots for each tenant, in whole slots, at least 1.</summary>
    public static FairSlots Shared(int atOnce) => new(atOnce, QuarterOf(atOnce));

    /// <summary>A quarter in whole slots, at least 1.</summary>
    public static int QuarterOf(int atOnce) => Math.Max(1, atOnce / 4);

    /// <summary>Slots that are held; callers learn a moment later that they hold one.</summary>
    internal int Held
    {
        get
        {
            lock (gate)
                return held;
        }
    }

    /// <summary>True = no slot is held, and nobody waits.</summary>
    internal bool IsIdle
    {
        get
        {
            lock (gate)
                return held == 0 && waiting.IsEmpty;
        }
    }

    /// <summary>Waits for a slot; disposing the result releases it.</summary>
    public async Task<IDisposable> EnterAsync(string tenant, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var slot = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add(tenant, slot);
            Grant();
        }

        await using (cancel.UnsafeRegister(_ => Withdraw(tenant, slot, cancel), null))
            await slot.Task;
        return new Release(() => Leave(tenant));
    }

    /// <summary>Ends a wait; no effect after the slot was granted.</summary>
    private void Withdraw(string tenant, TaskCompletionSource slot, CancellationToken cancel)
    {
        lock (gate)
            if (waiting.Remove(tenant, slot))
                slot.SetCanceled(cancel);
    }

    private void Leave(string tenant)
    {
        lock (gate)
        {
            held--;
            waiting.Release(tenant);
            Grant();
        }
    }

    private void Grant()
    {
        while (held < atOnce && waiting.TryTake(out var slot))
        {
            held++;
            slot.SetResult();
        }
    }
}

/// <summary>Releases something once.</summary>
internal sealed class Release(Action give) : IDisposable
{
    private Action? give = give;

    public void Dispose() => Interlocked.Exchange(ref give, null)?.Invoke();
}
