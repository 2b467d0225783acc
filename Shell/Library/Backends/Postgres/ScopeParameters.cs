using Kollect.Core.Snapshots;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>The parameters that the statements of one export share: $1 to $3, and $4.</summary>
internal sealed class ScopeParameters(SnapshotHeader header)
{
    /// <summary>$1 inventory_namespace, $2 inventory_name, $3 cluster.</summary>
    public object[] Identity { get; } = [header.Scope.InventoryNamespace, header.Scope.InventoryName, header.Scope.Cluster];

    /// <summary>The same and $4 exported_at.</summary>
    public object[] IdentityAndTime => [.. Identity, header.ExportedAt.UtcDateTime];
}
