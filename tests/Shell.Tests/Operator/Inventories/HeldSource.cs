using System.Collections.Concurrent;
using System.Text;
using Kollect.Core.Collection;
using Kollect.Core.Inventories;
using Kollect.Core.Sinks;
using Kollect.Operator.Collection;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>An inventory source of a host: its snapshots are those that a test sets.</summary>
internal sealed class HeldSource : IInventorySource
{
    private readonly ConcurrentDictionary<InventoryName, InventorySnapshot> held = [];
    private Action<string> changed = static _ => { };

    public async Task RunAsync(Action<string> changed, CancellationToken cancel)
    {
        this.changed = changed;
        await Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public InventorySnapshot Observe(Inventory inventory) =>
        held.GetValueOrDefault(new InventoryName(inventory.RowNamespace, inventory.Settings.Name), InventorySnapshot.None);

    public void Hold(string @namespace, string name, IEnumerable<string> objects, SnapshotGate? gate = null)
    {
        var items = objects.Select(it => new CollectedItem("deployments", $"uid-{it}", "shop", Encoding.UTF8.GetBytes(
            $$$"""{"targetNamespace":"{{{@namespace}}}","targetName":"deployments","namespace":"shop","name":"{{{it}}}","""
            + $$$""" "group":"apps","version":"v1","kind":"Deployment","uid":"uid-{{{it}}}","attributes":{}}""")));
        held[new InventoryName(@namespace, name)] = new InventorySnapshot(gate ?? new SnapshotGate.Complete(), SnapshotContent.Of(items, Dedupe.KeepAll));
        changed(@namespace);
    }
}
