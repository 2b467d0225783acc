namespace Kollect.Operator.Kubernetes;

/// <summary>Collects changed keys and reports them in batches, with a wait between two of them; the first change is reported at once.</summary>
/// <param name="report">Called once per key and batch, however often the key was added.</param>
/// <param name="wait">Between two batches.</param>
internal sealed class Debouncer<TKey>(Action<TKey> report, TimeSpan wait, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim signal = new(0, 1);
    private System.Collections.Generic.HashSet<TKey> changed = [];

    /// <summary>Adds a changed key; may be called from any thread.</summary>
    public void Add(TKey key)
    {
        lock (gate)
            if (changed.Add(key) && changed.Count == 1)
                signal.Release();
    }

    /// <summary>Reports until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            await signal.WaitAsync(cancel);
            foreach (var key in Take())
                report(key);
            await Task.Delay(wait, time, cancel);
        }
    }

    private System.Collections.Generic.HashSet<TKey> Take()
    {
        lock (gate)
            return Interlocked.Exchange(ref changed, []);
    }
}
