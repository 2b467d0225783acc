namespace Kollect.Operator;

/// <summary>
/// Supplies the snapshots of inventories in place of the objects of a cluster: register it as a service of the host. When and where they are exported, what
/// the status says and which rows are removed is decided by the operator.
/// </summary>
public interface ISnapshotSource
{
    /// <summary>Collects until cancelled: one term of leadership. What was supplied in an earlier term is not used.</summary>
    /// <param name="changed">
    /// To be called with the namespace of inventories that may have another snapshot now; from any thread, and not more than a hundred times a second.
    /// </param>
    Task RunAsync(Action<string> changed, CancellationToken cancel);

    /// <summary>What is held for an inventory now. Makes no request and does not wait; the same instance as long as nothing changed.</summary>
    /// <param name="inventoryNamespace">Of the inventory; <c>_cluster</c> for a KollectClusterInventory.</param>
    SuppliedSnapshot Observe(string inventoryNamespace, string inventoryName);
}

/// <summary>One item of a supplied snapshot.</summary>
/// <param name="Target">The name of what collected it; target and uid identify the row.</param>
/// <param name="Uid">Distinguishes the object from earlier and later ones of the same name.</param>
/// <param name="Namespace">Of the object; empty = it has none.</param>
/// <param name="Json">The item in UTF-8: one JSON object.</param>
public sealed record SuppliedItem(string Target, string Uid, string Namespace, ReadOnlyMemory<byte> Json);
