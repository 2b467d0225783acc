using Kollect.Core.Inventories;
using Kollect.Core.Kubernetes;
using Kollect.Shell.Collection;

namespace Kollect.Shell.Operator;

/// <summary>One source for all shards of this process: it collects from the beginning of the first term until the end of the last one.</summary>
internal sealed class SharedSource(IInventorySource source)
{
    private readonly IInventorySource source = source;
    private readonly Lock gate = new();
    private readonly Dictionary<Shard, Action<string>> terms = [];
    private CancellationTokenSource? stop;
    private Task run = Task.CompletedTask;

    /// <summary>The source for the term of one shard.</summary>
    public IInventorySource Of(Shard shard) => new Part(this, shard);

    private Task Join(Shard shard, Action<string> changed)
    {
        lock (gate)
        {
            terms.Add(shard, changed);
            if (stop is null)
            {
                stop = new CancellationTokenSource();
                var (earlier, cancel) = (run, stop.Token);
                run = Task.Run(() => RunAfterAsync(earlier, cancel), CancellationToken.None);
            }

            source.Hold(Owns);
            return run;
        }
    }

    private async Task LeaveAsync(Shard shard)
    {
        CancellationTokenSource? last = null;
        Task collecting;
        lock (gate)
        {
            terms.Remove(shard);
            source.Hold(Owns);
            if (terms.Count == 0)
                (last, stop) = (stop, null);
            collecting = run;
        }

        if (last is null)
            return;
        await last.CancelAsync();
        await collecting.ContinueWith(static _ => { }, TaskScheduler.Default);
        last.Dispose();
    }

    /// <summary>The collection of an earlier term ends before the next one begins.</summary>
    private async Task RunAfterAsync(Task earlier, CancellationToken cancel)
    {
        await earlier.ContinueWith(static _ => { }, TaskScheduler.Default);
        await source.RunAsync(Changed, cancel);
    }

    private void Changed(string rowNamespace)
    {
        Action<string>[] all;
        lock (gate)
            all = [.. terms.Values];
        foreach (var changed in all)
            changed(rowNamespace);
    }

    private bool Owns(string uid)
    {
        lock (gate)
            return terms.Keys.Any(it => it.Owns(uid));
    }

    private sealed class Part(SharedSource shared, Shard shard) : IInventorySource
    {
        public async Task RunAsync(Action<string> changed, CancellationToken cancel)
        {
            var collecting = shared.Join(shard, changed);
            try
            {
                await collecting.WaitAsync(cancel);
            }
            finally
            {
                await shared.LeaveAsync(shard);
            }
        }

        public InventorySnapshot Observe(Inventory inventory) => shared.source.Observe(inventory);
    }
}
