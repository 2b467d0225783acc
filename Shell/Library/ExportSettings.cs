using Kollect.Core.Exports;

namespace Kollect.Shell;

/// <summary>The inventory whose snapshot is exported, and how. Null = what the snapshot or the sink says.</summary>
/// <param name="InventoryNamespace"><c>inventory_namespace</c> of the rows.</param>
/// <param name="InventoryName"><c>inventory_name</c> of the rows. Rows of other inventories are never touched.</param>
public sealed record ExportSettings(string InventoryNamespace, string InventoryName)
{
    /// <summary>The label of the rows, which scopes every delete; null = that of the sink.</summary>
    public string? Cluster { get; init; }

    /// <summary>
    /// The time of the snapshot; null = what the snapshot says, else now. An older one than the destination holds is not applied; more than 5 minutes ahead of
    /// the clock is refused.
    /// </summary>
    public DateTimeOffset? ExportedAt { get; init; }

    /// <summary>The generation of the inventory; null = what the snapshot says.</summary>
    public long? Generation { get; init; }

    /// <summary>The target of Kubernetes objects; null = the kind in lower case and an s.</summary>
    public string? Target { get; init; }

    /// <summary>True = objects of kind Secret are exported with their data; false = they are left out.</summary>
    public bool IncludesSecrets { get; init; }

    /// <summary>True = everything runs and is rolled back; the counts are those of a real export.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>True = one item that cannot be stored refuses the whole snapshot; the stream is read twice and must be seekable.</summary>
    public bool IsStrict { get; init; }

    internal ExportRequest Request => new(
        InventoryNamespace, InventoryName, Optional(Cluster), Optional(ExportedAt), Optional(Generation), Optional(Target), IncludesSecrets, IsDryRun)
    {
        IsStrict = IsStrict,
    };
}
