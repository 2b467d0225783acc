using System.Collections.Concurrent;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Shell.Kubernetes;

namespace Kollect.Shell.Operator;

/// <summary>One inventory.</summary>
internal sealed class CachedInventory(ObjectName name, InventoryObject latest) : CachedObject<InventoryObject>(name, latest)
{
    private readonly ConcurrentQueue<Completion> ended = [];
    private volatile InventoryState state = InventoryState.Restored(latest.Status);

    /// <summary>The state after the last decision, in another shard that of its status. Reconciles of one inventory never overlap.</summary>
    public InventoryState State
    {
        get => state;
        set => state = value;
    }

    /// <summary>Events that have not been recorded yet.</summary>
    public Seq<ObjectEvent> PendingEvents { get; set; } = Empty;

    /// <summary>Exports that run, and what cancels them.</summary>
    public ConcurrentDictionary<SinkName, CancellationTokenSource> Exports { get; } = [];

    /// <summary>Removals that run, and what cancels them.</summary>
    public ConcurrentDictionary<RowLocation, CancellationTokenSource> Removals { get; } = [];

    /// <summary>By the location of the rows, for as long as the status names it.</summary>
    public ConcurrentDictionary<RowLocation, HeldSink> Held { get; } = [];

    /// <summary>For the next observation.</summary>
    public void Complete(Completion end) => ended.Enqueue(end);

    /// <summary>All that has ended since the last call.</summary>
    public Seq<Completion> TakeCompleted()
    {
        var taken = new List<Completion>();
        while (ended.TryDequeue(out var end))
            taken.Add(end);
        return taken.ToArray().ToSeq();
    }

    /// <summary>See <see cref="InventoryState.SinksInUse"/>.</summary>
    public Seq<SinkName> SinksInUse => State.SinksInUse(Latest);
}
