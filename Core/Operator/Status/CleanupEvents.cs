using System.Diagnostics;
using Kollect.Core.Formatting;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Kubernetes;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator.Status;

/// <summary>The events about orphaned rows.</summary>
internal static class CleanupEvents
{
    /// <summary>The event of a finished removal; None = it is not finished.</summary>
    public static Option<ObjectEvent> Of(InventoryName inventory, RowCleanup cleanup) => cleanup.State switch
    {
        CleanupState.Pending => None,
        CleanupState.Removed it => new ObjectEvent(
            false, CleanupReasons.RowsRemoved.Name,
            FormattableString.Invariant($"{it.Rows} rows of {inventory} removed from {cleanup.Location}")),
        CleanupState.LeftTo it => new ObjectEvent(
            false, CleanupReasons.RowsKept.Name,
            $"rows of {inventory} stay in {cleanup.Location}: sink {it.Sink} leads to the same table and keeps them"),
        CleanupState.Retained => new ObjectEvent(
            false, CleanupReasons.RowsRetained.Name, $"rows of {inventory} stay in {cleanup.Location}: annotation {Reclaiming.Annotation}"),
        CleanupState.GaveUp it => new ObjectEvent(
            true, CleanupReasons.RowsLeftBehind.Name,
            $"rows of {inventory} are left behind in {cleanup.Location}, given up at {Times.Seconds(it.At)}: "
            + $"{it.Why} — {ByHand(inventory, cleanup.Location)}"),
        _ => throw new UnreachableException(),
    };

    private static string ByHand(InventoryName inventory, RowLocation location) =>
        $"delete those with inventory_namespace {Shown.Quoted(inventory.Namespace)}, inventory_name {Shown.Quoted(inventory.Name)} "
        + $"and cluster {Shown.Quoted(location.At.Cluster)} by hand";
}
