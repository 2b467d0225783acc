using System.Collections.Concurrent;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Operator.Kubernetes;
using Kollect.Shell.Concurrency;

namespace Kollect.Operator.Controllers;

/// <summary>One inventory.</summary>
internal sealed class CachedInventory(ObjectName name, InventoryObject latest) : CachedObject<InventoryObject>(name, latest)
{
    private readonly ConcurrentQueue<Completion> ended = [];
    private readonly ConcurrentQueue<ObjectEvent> events = [];
    private readonly SemaphoreSlim writes = new(1);
    private volatile bool isStatusDue;
    private volatile InventoryState state = InventoryState.Restored(latest.Status);

    /// <summary>The state after the last decision, in another shard that of its status. Reconciles of one inventory never overlap.</summary>
    public InventoryState State
    {
        get => state;
        set => state = value;
    }

    /// <summary>True = the status of <see cref="State"/> is to be written.</summary>
    public bool IsStatusDue
    {
        get => isStatusDue;
        set => isStatusDue = value;
    }

    /// <summary>True = something is to be written that nothing waits for.</summary>
    public bool HasReport => isStatusDue || !events.IsEmpty;

    /// <summary>Events that have not been recorded yet.</summary>
    public void AddEvents(Seq<ObjectEvent> added) => added.Iter(events.Enqueue);

    /// <summary>All of them.</summary>
    public Seq<ObjectEvent> TakeEvents() => Take(events);

    /// <summary>Waits until nothing else is written about the inventory; disposing the result ends the write.</summary>
    public async Task<IDisposable> WriteTurnAsync(CancellationToken cancel)
    {
        await writes.WaitAsync(cancel);
        return new Release(() => writes.Release());
    }

    /// <summary>Exports that run, and what cancels them.</summary>
    public ConcurrentDictionary<SinkName, CancellationTokenSource> Exports { get; } = [];

    /// <summary>Removals that run, and what cancels them.</summary>
    public ConcurrentDictionary<RowLocation, CancellationTokenSource> Removals { get; } = [];

    /// <summary>By the location of the rows, for as long as the status names it.</summary>
    public ConcurrentDictionary<RowLocation, HeldSink> Held { get; } = [];

    /// <summary>For the next observation.</summary>
    public void Complete(Completion end) => ended.Enqueue(end);

    /// <summary>All that has ended since the last call.</summary>
    public Seq<Completion> TakeCompleted() => Take(ended);

    /// <summary>See <see cref="InventoryState.SinksInUse"/>.</summary>
    public Seq<SinkName> SinksInUse => State.SinksInUse(Latest);

    private static Seq<T> Take<T>(ConcurrentQueue<T> queue)
    {
        var taken = new List<T>();
        while (queue.TryDequeue(out var it))
            taken.Add(it);
        return taken.ToArray().ToSeq();
    }
}
