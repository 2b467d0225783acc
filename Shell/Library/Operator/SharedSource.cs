using Kollect.Core.Inventories;
using Kollect.Core.Kubernetes;
using Kollect.Shell.Collection;

namespace Kollect.Shell.Operator;

/// <summary>One source for all shards of this process: it collects from the beginning of the first term until the end of the last one.</summary>
internal sealed class SharedSource(IInventorySource source)
{
    private readonly IInventorySource source = source;
    private readonly Lock gate = new();
    private readonly Dictionary<Shard, Term> terms = [];
    private CancellationTokenSource? stop;
    private Task run = Task.CompletedTask;

    private WorkShare Share => new(Owns, Exports);

    /// <summary>The source for the term of one shard.</summary>
    public IInventorySource Of(Shard shard) => new Part(this, shard);

    private Task Join(Shard shard, Action<string> changed)
    {
        lock (gate)
        {
            terms.Add(shard, new Term(changed, new(StringComparer.Ordinal)));
            if (stop is null)
            {
                stop = new CancellationTokenSource();
                var (earlier, cancel) = (run, stop.Token);
                run = Task.Run(() => RunAfterAsync(earlier, cancel), CancellationToken.None);
            }

            source.Hold(Share);
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
            source.Hold(Share);
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
        Term[] all;
        lock (gate)
            all = [.. terms.Values];
        foreach (var term in all)
            term.Changed(rowNamespace);
    }

    /// <summary>An inventory of the shard is about to be exported: what its targets select is collected from now on, until the end of the term.</summary>
    private void Need(Shard shard, string rowNamespace)
    {
        lock (gate)
        {
            var isNew = !Exports(rowNamespace);
            if (terms.TryGetValue(shard, out var term) && term.Namespaces.Add(rowNamespace) && isNew)
                source.Hold(Share);
        }
    }

    private bool Owns(string uid)
    {
        lock (gate)
            return terms.Keys.Any(it => it.Owns(uid));
    }

    private bool Exports(string rowNamespace)
    {
        lock (gate)
            return terms.Values.Any(it => it.Namespaces.Contains(rowNamespace));
    }

    /// <param name="Changed">See <see cref="IInventorySource.RunAsync"/>.</param>
    /// <param name="Namespaces">Of the rows of its inventories.</param>
    private sealed record Term(Action<string> Changed, System.Collections.Generic.HashSet<string> Namespaces);

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

        public InventorySnapshot Observe(Inventory inventory)
        {
            if (shard.Count > 1)
                shared.Need(shard, inventory.RowNamespace);
            return shared.source.Observe(inventory);
        }
    }
}
