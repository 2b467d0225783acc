using System.Diagnostics;
using Kollect.Core.Cleanup;
using Kollect.Core.Scheduling;
using Kollect.Core.Wording;

namespace Kollect.Core.Reporting;

/// <summary>Something that happened to an inventory, for <c>kubectl describe</c>.</summary>
/// <param name="IsWarning">Or normal.</param>
/// <param name="Reason">For programs: one CamelCase word.</param>
/// <param name="Note">For people: one line, free of anything from a Secret.</param>
public sealed record InventoryEvent(bool IsWarning, string Reason, string Note)
{
    /// <summary>How the removal of rows ended; None = it has not.</summary>
    public static Option<InventoryEvent> Of(InventoryName inventory, PlaceCleanup cleanup) => cleanup.State switch
    {
        CleanupState.Pending => None,
        CleanupState.Removed it => new InventoryEvent(false, "RowsRemoved", FormattableString.Invariant($"{it.Rows} rows of {inventory} removed from {cleanup.Place}")),
        CleanupState.LeftTo it => new InventoryEvent(false, "RowsKept", $"rows of {inventory} stay in {cleanup.Place}: sink {it.Sink} leads to the same table and keeps them"),
        CleanupState.Retained => new InventoryEvent(false, "RowsRetained", $"rows of {inventory} stay in {cleanup.Place}: annotation {Reclaiming.Annotation}"),
        CleanupState.GaveUp it => new InventoryEvent(true, "RowsLeftBehind", $"rows of {inventory} are left behind in {cleanup.Place}: {it.Why} — {ByHand(inventory, cleanup.Place)}"),
        _ => throw new UnreachableException(),
    };

    private static string ByHand(InventoryName inventory, Place place) =>
        $"delete those with inventory_namespace {Shown.Quoted(inventory.Namespace)}, inventory_name {Shown.Quoted(inventory.Name)} and cluster {Shown.Quoted(place.Cluster)} by hand";
}
