namespace Kollect.Core.Snapshots;

/// <summary>One inventory item as every backend stores it. <see cref="Scope"/> gives the other columns.</summary>
/// <param name="TargetName">item.targetName; sanitized.</param>
/// <param name="SourceUid">item.uid; sanitized.</param>
/// <param name="ResourceNamespace">
/// item.namespace, else the inventory's namespace; empty for a cluster-scoped object in a cluster-scoped inventory; sanitized.
/// </param>
/// <param name="Payload">The whole item as UTF-8 JSON with its numbers unchanged. Valid until the next item is read.</param>
/// <param name="Sanitized">The number of characters replaced by U+FFFD because no backend can store them.</param>
internal readonly record struct Row(
    string TargetName,
    string SourceUid,
    string ResourceNamespace,
    ReadOnlyMemory<byte> Payload,
    int Sanitized)
{
    /// <summary>An identity without payload for a rejected item. The destination keeps its old row, if it has one.</summary>
    public static Row Kept(string targetName, string sourceUid) => new(targetName, sourceUid, "", default, 0);

    /// <summary>True for a row of <see cref="Kept"/>; every accepted item has a payload.</summary>
    public bool IsKept => Payload.IsEmpty;
}

/// <summary>The rows that one export replaces. Rows outside of the scope are never deleted.</summary>
/// <param name="InventoryNamespace"><see cref="ClusterInventories"/> for a cluster-scoped inventory.</param>
/// <param name="Cluster">The cluster's name; may be empty.</param>
internal sealed record Scope(string InventoryNamespace, string InventoryName, string Cluster)
{
    /// <summary>The namespace of cluster-scoped inventories; no namespace of Kubernetes can contain an underscore.</summary>
    public const string ClusterInventories = "_cluster";

    /// <summary>The value of <c>resource_namespace</c> for an object without a namespace.</summary>
    internal string WithoutNamespace => InventoryNamespace == ClusterInventories ? "" : InventoryNamespace;
}

/// <summary>The facts about a snapshot that are known before its first item.</summary>
/// <param name="Scope">The rows that the snapshot replaces.</param>
/// <param name="ExportedAt">UTC in whole milliseconds, equal for all rows of the export.</param>
/// <param name="Generation">The inventory's generation; None = unknown.</param>
/// <param name="IsComplete">False = some objects could not be read: the items are written, and no row is deleted.</param>
internal sealed record SnapshotHeader(Scope Scope, DateTimeOffset ExportedAt, Option<long> Generation, bool IsComplete = true)
{
    /// <summary>None = the snapshot is read as a stream, and not known before its end.</summary>
    public Option<ContentStamp> Content { get; init; }

    /// <summary>
    /// The time at which the inventory was found to be gone, where the export removes its rows: no later snapshot is superseded by them. None = no removal.
    /// </summary>
    public Option<DateTimeOffset> RemovedAt { get; init; }

    /// <summary>The process that exports, for the ledger: <c>kollect-7d9f/…</c>; empty = not named.</summary>
    public string Exporter { get; init; } = "";
}

/// <summary>The content of a snapshot in short: equal stamps are equal content.</summary>
/// <param name="Checksum">In lower-case hexadecimal; its algorithm is that of the operator's snapshots.</param>
/// <param name="Items">Items of the snapshot.</param>
internal sealed record ContentStamp(string Checksum, long Items);

/// <summary>The part of a row's identity that the scope does not give.</summary>
internal readonly record struct RowIdentity(string TargetName, string SourceUid);
