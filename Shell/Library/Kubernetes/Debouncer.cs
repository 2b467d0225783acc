using Kollect.Core.Failures;

namespace Kollect.Shell.Kubernetes;

/// <summary>Collects what has changed, and tells it a few times a second at most: the first at once.</summary>
/// <param name="tell">Gets each key once for all that happened to it.</param>
/// <param name="time">For the pauses.</param>
internal sealed class Debouncer<TKey>(Action<TKey> tell, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim signal = new(0, 1);
    private System.Collections.Generic.HashSet<TKey> changed = [];

    /// <summary>From any thread.</summary>
    public void Add(TKey key)
    {
        lock (gate)
            if (changed.Add(key) && changed.Count == 1)
                signal.Release();
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            await signal.WaitAsync(cancel);
            foreach (var key in Take())
                tell(key);
            await Task.Delay(Waits.Reports, time, cancel);
        }
    }

    private System.Collections.Generic.HashSet<TKey> Take()
    {
        lock (gate)
            return Interlocked.Exchange(ref changed, []);
    }
}
