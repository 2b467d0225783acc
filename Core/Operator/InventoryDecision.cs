using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator;

/// <summary>The operator's state of an inventory between two decisions.</summary>
/// <param name="Status">The status of the last decision, written or not.</param>
/// <param name="Refs">The state of each ref, including refs that were dropped while their export runs.</param>
/// <param name="Cleanups">Removals that are due, under way or just ended.</param>
/// <param name="Removing">Locations at which an attempt runs.</param>
/// <param name="CountsWritten">The time of the last write of counts alone; <see cref="DateTimeOffset.MinValue"/> = by an earlier process, or never.</param>
internal sealed record InventoryState(
    InventoryStatus Status, HashMap<SinkName, SinkExportState> Refs, Seq<RowCleanup> Cleanups, Seq<RowLocation> Removing, DateTimeOffset CountsWritten)
{
    /// <summary>The sinks that a decision depends on, each once: those of the spec, and those whose rows may still exist.</summary>
    public Seq<SinkName> SinksInUse(InventoryObject inventory) => Join(inventory.Sinks, Status.Locations.Map(it => it.Sink)).Distinct().ToSeq().Strict();

    /// <summary>How fresh the rows are at each sink of the spec.</summary>
    public Seq<RefFreshness> Freshness => Status.SinkExports.Map(it => new RefFreshness(
        it.Sink,
        it.Success.Bind(success => success.SnapshotTime),
        Refs.Find(it.Sink).Bind(state => state.VerifiedSnapshot) | it.Success.Bind(success => success.SnapshotTime),
        it.Success.Map(success => success.Outcome.Items))).Strict();

    /// <summary>The namespaces of the sinks whose rows may still exist, and of their Secrets, each once.</summary>
    public Seq<string> NamespacesInUse(HashMap<SinkName, SinkObservation> sinks) => Status.Locations
        .Bind(location => Namespaces(location.Sink, sinks.Find(location.Sink)))
        .Distinct().ToSeq().Strict();

    /// <summary>The sinks that have rows of this state and had none before, or the reverse.</summary>
    public Seq<SinkName> UseSince(InventoryState before)
    {
        var (then, now) = (before.Status.Locations.Map(it => it.Sink).Distinct(), Status.Locations.Map(it => it.Sink).Distinct());
        return toSeq(then.Except(now).Concat(now.Except(then))).Strict();
    }

    /// <summary>The sinks through which an export has succeeded since, as the status says.</summary>
    public Seq<SinkName> ExportedSince(InventoryState before)
    {
        var then = before.Status.SinkExports.Map(it => (it.Sink, it.Success.Map(success => success.At))).ToSeq();
        return Status.SinkExports
            .Filter(it => it.Success.IsSome && !then.Contains((it.Sink, it.Success.Map(success => success.At))))
            .Map(it => it.Sink).Strict();
    }

    internal static Seq<string> Namespaces(SinkName name, Option<SinkObservation> sink) => Join(
        Seq1(name.Namespace),
        sink.Bind(it => it is SinkObservation.Present { Sink.Spec: var spec } ? spec.ToOption() : None)
            .Map(it => it.Secrets.Map(secret => secret.Namespace)).IfNone(Empty));

    /// <summary>The state after a start, restored from the status.</summary>
    public static InventoryState Restored(KollectInventoryStatus? written)
    {
        var status = InventoryStatusModel.Read(written);
        return new InventoryState(status, status.SinkExports.Map(it => (it.Sink, it.Restored())).ToHashMap(), Empty, Empty, DateTimeOffset.MinValue);
    }
}

/// <summary>How fresh the rows of an inventory are at one sink.</summary>
/// <param name="LastSuccess">The time of the snapshot that they were last written from; None = there are none.</param>
/// <param name="LastVerified">The time of the newest snapshot that they were found to be.</param>
/// <param name="Items">Of that snapshot.</param>
internal sealed record RefFreshness(SinkName Sink, Option<DateTimeOffset> LastSuccess, Option<DateTimeOffset> LastVerified, Option<long> Items);

/// <summary>The effects of one observation of an inventory, in this order; if one fails, the later ones are skipped.</summary>
/// <param name="Cancellations">Exports and removals that are obsolete.</param>
/// <param name="Status">None = the status stays as it is, and nothing is written.</param>
/// <param name="Events">The changes since the last decision.</param>
/// <param name="Finalizers">To be set; None = they stay as they are.</param>
/// <param name="Next">The time of the next decision; None = only when something changes or ends.</param>
/// <param name="ClearAnnotations">Requests that are met.</param>
/// <param name="WritesFirst">False = the work needs nothing that is written: it begins at once, and status and events follow.</param>
/// <param name="BreakersChanged">Sinks whose circuit has opened or closed: a reason to reconcile the other inventories that use them.</param>
internal sealed record InventoryDecision(
    Cancellations Cancellations,
    Option<KollectInventoryStatus> Status,
    Seq<ObjectEvent> Events,
    Option<Seq<string>> Finalizers,
    Seq<ExportStart> Exports,
    Seq<RemovalStart> Removals,
    Option<DateTimeOffset> Next,
    InventoryState State,
    SinkBreakers Breakers,
    Seq<string> ClearAnnotations = default,
    bool WritesFirst = true,
    Seq<SinkName> BreakersChanged = default);

/// <summary>The obsolete exports and removals.</summary>
/// <param name="Exports">Their sink was edited, or its ref dropped, or the inventory is being deleted.</param>
/// <param name="Removals">The location is used by an export again.</param>
internal sealed record Cancellations(Seq<SinkName> Exports, Seq<RowLocation> Removals);

/// <summary>An export to be run. The snapshot is that of the observation.</summary>
/// <param name="Location">The location; the status names it before the first row is written.</param>
/// <param name="Version">Of the sink.</param>
/// <param name="Header">The scope, and whether stale rows are deleted.</param>
/// <param name="FailedLast">The last export through this sink failed: this one may hang.</param>
/// <param name="ProbesOnly">The status does not name the location: connect, check what an export needs, and write nothing.</param>
/// <param name="Why">For the log, one line.</param>
internal sealed record ExportStart(
    SinkName Name,
    RowLocation Location,
    Sink Sink,
    SinkVersion Version,
    SnapshotHeader Header,
    ExportMethod Method,
    bool FailedLast,
    bool ProbesOnly,
    string Why);

/// <summary>Rows to be removed.</summary>
/// <param name="Sink">The sink with its settings for the location; None = there is none now that reaches it.</param>
/// <param name="Held">
/// The sink of the last export there, to be used with the Secrets of that export where <paramref name="Sink"/> or one of its Secrets is missing: what
/// takes sink, Secret and inventory along, such as the end of a namespace, deletes them in any order. None = there was no export since the start.
/// </param>
/// <param name="Others">Sinks of the inventory that may write to the same table: see <see cref="OrphanedRows.Objection"/>.</param>
/// <param name="Limit">Cancel it after this time, which counts as a failure.</param>
internal sealed record RemovalStart(
    RowLocation Location, Option<Sink> Sink, Option<Sink> Held, Scope Scope, Seq<(RowLocation Location, Sink Sink)> Others, TimeSpan Limit);
