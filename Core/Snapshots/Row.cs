namespace Kollect.Core.Snapshots;

/// <summary>One inventory item as every backend stores it; the scope columns come from <see cref="Scope"/>.</summary>
/// <param name="TargetName">item.targetName; sanitized.</param>
/// <param name="SourceUid">item.uid; sanitized.</param>
/// <param name="ResourceNamespace">item.namespace, else the inventory's namespace, or empty for an inventory of the cluster; sanitized.</param>
/// <param name="Payload">The whole item as UTF-8 JSON, numbers untouched. Valid only until the next item is read.</param>
/// <param name="Sanitized">How many characters of the item became U+FFFD because no backend can hold them.</param>
public readonly record struct Row(
    string TargetName,
    string SourceUid,
    string ResourceNamespace,
    ReadOnlyMemory<byte> Payload,
    int Sanitized)
{
    /// <summary>Stands for a rejected item: the row that the destination may hold under that identity stays as it is.</summary>
    public static Row Kept(string targetName, string sourceUid) => new(targetName, sourceUid, "", default, 0);

    /// <summary>Has no payload, which no item lacks.</summary>
    public bool IsKept => Payload.IsEmpty;
}

/// <summary>What one export replaces: nothing outside of it is ever deleted.</summary>
/// <param name="InventoryNamespace">Passed explicitly, never parsed out of a path.</param>
/// <param name="InventoryName">Passed explicitly, never parsed out of a path.</param>
/// <param name="Cluster">May be empty.</param>
public sealed record Scope(string InventoryNamespace, string InventoryName, string Cluster)
{
    /// <summary>InventoryNamespace of inventories of the cluster; the underscore keeps it apart from every namespace.</summary>
    public const string ClusterInventories = "_cluster";

    /// <summary>Column <c>resource_namespace</c> of an object without a namespace.</summary>
    internal string WithoutNamespace => InventoryNamespace == ClusterInventories ? "" : InventoryNamespace;
}

/// <summary>What is known of a snapshot before its first item.</summary>
/// <param name="Scope">Which rows it replaces.</param>
/// <param name="ExportedAt">UTC, whole milliseconds, equal for all rows of the export.</param>
/// <param name="Generation">The inventory's generation; None = not said.</param>
/// <param name="IsComplete">False: something could not be looked at. The items are written, and rows that are not among them are kept.</param>
public sealed record SnapshotHeader(Scope Scope, DateTimeOffset ExportedAt, Option<long> Generation, bool IsComplete = true);
