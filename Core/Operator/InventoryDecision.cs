using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Operator;

/// <summary>What an operator remembers of an inventory between two decisions.</summary>
/// <param name="Status">As the last decision left it, written or not.</param>
/// <param name="Refs">Of each ref, and of those that were dropped while their export runs.</param>
/// <param name="Cleanups">Removals that are due, under way or just ended.</param>
/// <param name="Removing">Where an attempt runs.</param>
/// <param name="Written">When the status was last written; <see cref="DateTimeOffset.MinValue"/> = by an earlier process, or never.</param>
public sealed record InventoryState(
    InventoryStatus Status, HashMap<SinkName, SinkExportState> Refs, Seq<RowCleanup> Cleanups, Seq<RowLocation> Removing, DateTimeOffset Written)
{
    /// <summary>The sinks that a decision depends on, each once: those of the spec, and those whose rows may still be there.</summary>
    public Seq<SinkName> SinksInUse(InventoryObject inventory) => Join(inventory.Sinks, Status.Locations.Map(it => it.Sink)).Distinct().ToSeq().Strict();

    /// <summary>After a start: what the status says.</summary>
    public static InventoryState Restored(KollectInventoryStatus? written)
    {
        var status = InventoryStatusModel.Read(written);
        return new InventoryState(status, status.SinkExports.Map(it => (it.Sink, it.Restored())).ToHashMap(), Empty, Empty, DateTimeOffset.MinValue);
    }
}

/// <summary>All that follows from one observation of an inventory, to be done in this order; where one thing fails, nothing after it is done.</summary>
/// <param name="Cancellations">Exports and removals that run for nothing now.</param>
/// <param name="Status">None = the status stays as it is, and nothing is written.</param>
/// <param name="Events">What has changed since the last decision.</param>
/// <param name="Finalizers">To be set; None = they stay as they are.</param>
/// <param name="Exports">To be started.</param>
/// <param name="Removals">To be started.</param>
/// <param name="Next">When to decide again; None = only when something changes or ends.</param>
/// <param name="State">For the next decision.</param>
/// <param name="Breakers">Of all sinks.</param>
/// <param name="BreakersChanged">Sinks whose circuit has opened or closed: a reason to reconcile the other inventories that use them.</param>
public sealed record InventoryDecision(
    Cancellations Cancellations,
    Option<KollectInventoryStatus> Status,
    Seq<ObjectEvent> Events,
    Option<Seq<string>> Finalizers,
    Seq<ExportStart> Exports,
    Seq<RemovalStart> Removals,
    Option<DateTimeOffset> Next,
    InventoryState State,
    SinkBreakers Breakers,
    Seq<SinkName> BreakersChanged = default);

/// <summary>What runs for nothing.</summary>
/// <param name="Exports">Their sink was edited, or its ref dropped, or the inventory is being deleted.</param>
/// <param name="Removals">The location is wanted again.</param>
public sealed record Cancellations(Seq<SinkName> Exports, Seq<RowLocation> Removals);

/// <summary>An export to be run. The snapshot is that of the observation.</summary>
/// <param name="Name">Of the sink.</param>
/// <param name="Location">Where to; stands in the status before the first row is written.</param>
/// <param name="Sink">How it is reached.</param>
/// <param name="Header">Which rows, and whether stale ones go.</param>
/// <param name="FailedLast">The last one through this sink failed: this one may well hang.</param>
/// <param name="Why">For the log, one line.</param>
public sealed record ExportStart(SinkName Name, RowLocation Location, Sink Sink, SnapshotHeader Header, bool FailedLast, string Why);

/// <summary>Rows to be removed.</summary>
/// <param name="Location">Where they are.</param>
/// <param name="Sink">The sink as it was when it led there.</param>
/// <param name="Scope">Which rows.</param>
/// <param name="Others">Sinks of the inventory that may lead to the same table: see <see cref="OrphanedRows.Objection"/>.</param>
/// <param name="Limit">Cancel it after this time, which counts as a failure.</param>
public sealed record RemovalStart(RowLocation Location, Sink Sink, Scope Scope, Seq<(RowLocation Location, Sink Sink)> Others, TimeSpan Limit);
