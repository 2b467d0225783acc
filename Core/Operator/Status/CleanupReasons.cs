using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Operator.Status;

/// <summary>The reasons of the events about orphaned rows: rows at a location to which their inventory no longer exports.</summary>
internal static class CleanupReasons
{
    /// <summary><see cref="CleanupState.Removed"/></summary>
    public static Reason RowsRemoved { get; } = new("RowsRemoved", "The rows of the inventory were removed from the location in the message.");

    /// <summary><see cref="CleanupState.LeftTo"/></summary>
    public static Reason RowsKept { get; } = new(
        "RowsKept", "The rows stay, because another sink of the inventory leads to the same table.");

    /// <summary><see cref="CleanupState.Retained"/></summary>
    public static Reason RowsRetained { get; } = new("RowsRetained", "The rows stay, because the annotation kollect.dev/reclaim keeps them.");

    /// <summary><see cref="CleanupState.GaveUp"/></summary>
    public static Reason RowsLeftBehind { get; } = new(
        "RowsLeftBehind",
        "The rows could not be removed within 5 minutes, and stay.",
        "Delete the rows by hand; the message gives inventory_namespace, inventory_name and cluster.");

    /// <summary>All of them.</summary>
    public static Seq<Reason> All { get; } = Seq(RowsRemoved, RowsKept, RowsRetained, RowsLeftBehind);
}
