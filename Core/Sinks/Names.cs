namespace Kollect.Core.Sinks;

/// <summary>An inventory by name.</summary>
/// <param name="Namespace"><c>_cluster</c> for a <c>KollectClusterInventory</c>.</param>
internal sealed record InventoryName(string Namespace, string Name)
{
    /// <summary><c>team-a/workloads</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>A database sink by name.</summary>
/// <param name="Namespace">Resolved: the ref's, else the default of its inventory.</param>
internal sealed record SinkName(string Namespace, string Name)
{
    /// <summary><c>platform/warehouse</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
