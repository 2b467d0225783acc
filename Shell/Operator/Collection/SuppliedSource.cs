using Kollect.Core.Inventories;

namespace Kollect.Operator.Collection;

/// <summary>The snapshots that the host supplies.</summary>
internal sealed class SuppliedSource(ISnapshotSource source) : IInventorySource
{
    /// <inheritdoc/>
    public Task RunAsync(Action<string> changed, CancellationToken cancel) => source.RunAsync(changed, cancel);

    /// <inheritdoc/>
    public InventorySnapshot Observe(Inventory inventory) => source.Observe(inventory.RowNamespace, inventory.Settings.Name).Snapshot;
}
