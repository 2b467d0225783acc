using System.Collections.Concurrent;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Models;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Shell.Kubernetes;

namespace Kollect.Shell.Operator;

/// <summary>One inventory.</summary>
internal sealed class CachedInventory(ObjectName name, InventoryText latest) : CachedObject<InventoryText>(name, latest)
{
    private readonly ConcurrentQueue<Completion> ended = [];
    private volatile InventoryState state = InventoryState.Restored(latest.Inventory.Status);

    public InventoryObject Object => Latest.Inventory;

    /// <summary>For requests about it.</summary>
    public ObjectIdentity Identity => new(Object.ApiVersion, Object.Kind, Object.Metadata);

    /// <summary>What the last decision left. Passes of one inventory never overlap.</summary>
    public InventoryState State
    {
        get => state;
        set => state = value;
    }

    /// <summary>What happened, and was not latest yet.</summary>
    public Seq<ObjectEvent> PendingEvents { get; set; } = Empty;

    /// <summary>Exports that run, and what breaks them off.</summary>
    public ConcurrentDictionary<SinkName, CancellationTokenSource> Exports { get; } = [];

    /// <summary>Removals that run, and what breaks them off.</summary>
    public ConcurrentDictionary<RowLocation, CancellationTokenSource> Removals { get; } = [];

    /// <summary>For the next pass.</summary>
    public void Complete(Completion end) => ended.Enqueue(end);

    /// <summary>All that has ended since the last call.</summary>
    public Seq<Completion> TakeCompleted()
    {
        var taken = new List<Completion>();
        while (ended.TryDequeue(out var end))
            taken.Add(end);
        return taken.ToArray().ToSeq();
    }

    /// <summary>Whether it exports through the sink, or did.</summary>
    public bool Uses(SinkName sink) => Object.Sinks.Exists(it => it == sink) || State.Status.Locations.Exists(location => location.Sink == sink);
}

/// <summary>An inventory of either kind.</summary>
internal sealed record InventoryText(InventoryObject Inventory) : IWatchedObject<InventoryText>
{
    public ObjectMeta Metadata => Inventory.Metadata;

    public static InventoryText? Read(byte[] json) => InventoryObject.Read(json).MatchUnsafe(it => new InventoryText(it), () => null!);

    public bool AsksForLook(InventoryText after) => Inventory.AsksForLook(after.Inventory);
}
