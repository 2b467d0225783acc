using Kollect.Core.Inventories;
using Kollect.Core.Kubernetes;
using Kollect.Operator.Collection;

namespace Kollect.Operator.Controllers;

/// <summary>
/// One source for all shards of this process: it collects from the beginning of the first term until the end of the last one, and for the shards that are
/// held at the moment.
/// </summary>
internal sealed class SharedSource(IInventorySource source)
{
    private readonly IInventorySource source = source;
    private readonly Lock gate = new();
    private readonly Dictionary<Part, Action<string>> terms = [];
    private CancellationTokenSource? stop;
    private Task run = Task.CompletedTask;

    /// <summary>The source for the term of one shard.</summary>
    public IInventorySource Of(Shard shard) => new Part(this, shard);

    private Part[] Parts
    {
        get
        {
            lock (gate)
                return [.. terms.Keys];
        }
    }

    private Task Join(Part part, Action<string> changed)
    {
        lock (gate)
        {
            terms.Add(part, changed);
            if (stop is null)
            {
                stop = new CancellationTokenSource();
                var (earlier, cancel) = (run, stop.Token);
                run = Task.Run(() => RunAfterAsync(earlier, cancel), CancellationToken.None);
            }

            Hold();
            return run;
        }
    }

    private async Task LeaveAsync(Part part)
    {
        CancellationTokenSource? last = null;
        Task collecting;
        lock (gate)
        {
            terms.Remove(part);
            Hold();
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

    private void Hold() => source.Hold(new WorkShare(
        uid => Parts.Any(it => it.Share.Owns(uid)),
        () => Parts.SelectMany(it => it.Share.Inventories())));

    private sealed class Part(SharedSource shared, Shard shard) : IInventorySource
    {
        private volatile WorkShare share = new(shard.Owns, static () => []);

        public WorkShare Share => share;

        public void Hold(WorkShare share)
        {
            this.share = share;
            shared.Hold();
        }

        public async Task RunAsync(Action<string> changed, CancellationToken cancel)
        {
            var collecting = shared.Join(this, changed);
            try
            {
                await collecting.WaitAsync(cancel);
            }
            finally
            {
                await shared.LeaveAsync(this);
            }
        }

        public InventorySnapshot Observe(Inventory inventory) => shared.source.Observe(inventory);
    }
}
