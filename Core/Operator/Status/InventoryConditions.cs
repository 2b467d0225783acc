using System.Diagnostics;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Kubernetes.Condition;
using static Kollect.Models.V1Alpha1.KollectConditionStatus;

namespace Kollect.Core.Operator.Status;

/// <summary>The one table from a situation to conditions, as kstatus reads them: one reason and one message for each row.</summary>
internal static class InventoryConditions
{
    /// <summary>The destination holds exactly the snapshot.</summary>
    public const string Synced = "Synced";

    /// <summary>The server answered the last export.</summary>
    public const string SinkReachable = "SinkReachable";

    /// <summary>The number of refs, and of different messages, that a condition of the inventory names.</summary>
    private const int MaxNamed = 3;

    /// <summary>The length of each message of several refs, in characters.</summary>
    private const int MaxOfMany = 512;

    /// <summary>Every type that the table uses, in its order.</summary>
    internal static Seq<string> Types { get; } = Seq(Ready, Synced, SinkReachable, Degraded, Stalled, Reconciling);

    /// <summary>The conditions of one ref; a condition that is not listed is absent from the status.</summary>
    public static Seq<Condition> Of(RefSituation situation) => situation switch
    {
        RefSituation.Suspended => Row(
            InventoryReasons.Suspended, "spec.suspend: the rows stay as they are", (Ready, True), (Synced, Unknown)),
        RefSituation.SinkMissing => Row(
            InventoryReasons.SinkNotFound, "the sink does not exist; create it, or drop the ref",
            (Ready, False), (Synced, False), (SinkReachable, False), (Degraded, True), (Stalled, True)),
        RefSituation.SinkInvalid it => Row(
            InventoryReasons.SinkInvalid, it.Why, (Ready, False), (Synced, False), (SinkReachable, False), (Degraded, True), (Stalled, True)),
        RefSituation.SinkDenied it => Row(
            InventoryReasons.OfDenial(it.Id), it.Why, (Ready, False), (Synced, False), (SinkReachable, Unknown), (Degraded, True), (Stalled, True)),
        RefSituation.Collecting it => Row(
            InventoryReasons.Collecting, it.Why, (Ready, Unknown), (Synced, Unknown), (SinkReachable, Unknown), (Reconciling, True)),
        RefSituation.CollectingAgain it => Row(
            InventoryReasons.CollectingAgain, $"the rows are those of the last export: {it.Why}",
            (Ready, True), (Synced, Unknown), (SinkReachable, Unknown), (Reconciling, True)),
        RefSituation.CollectionDelayed it => Row(
            InventoryReasons.CollectionDelayed,
            $"the rows are those of the last export, and there has been no snapshot since {Times.Seconds(it.Since)}: {it.Why}",
            (Ready, False), (Synced, Unknown), (SinkReachable, Unknown), (Degraded, True), (Reconciling, True)),
        RefSituation.ExportDelayed it => Row(
            InventoryReasons.ExportDelayed,
            $"an export has run or waited since {Times.Seconds(it.Since)}, longer than its interval; the rows are those of the last one",
            (Ready, False), (Synced, False), (SinkReachable, Unknown), (Degraded, True), (Reconciling, True)),
        RefSituation.ExportPending it => Row(
            InventoryReasons.ExportPending, $"an export is on its way: {it.Why}",
            (Ready, Unknown), (Synced, Unknown), (SinkReachable, Unknown), (Reconciling, True)),
        RefSituation.Synced it => Row(
            InventoryReasons.Synced, it.Message, (Ready, True), (Synced, True), (SinkReachable, True)),
        RefSituation.RowsContested it => Row(
            InventoryReasons.RowsContested, it.Message, (Ready, True), (Synced, True), (SinkReachable, True), (Degraded, True)),
        RefSituation.ItemsRejected it => Row(
            InventoryReasons.ItemsRejected, it.Message, (Ready, True), (Synced, False), (SinkReachable, True), (Degraded, True)),
        RefSituation.SnapshotIncomplete it => Row(
            InventoryReasons.SnapshotIncomplete, it.Why, (Ready, False), (Synced, False), (SinkReachable, True), (Degraded, True)),
        RefSituation.TargetsSuspended it => Row(
            InventoryReasons.TargetsSuspended, it.Why, (Ready, True), (Synced, False), (SinkReachable, True)),
        RefSituation.TargetsDeleted it => Row(
            InventoryReasons.TargetsDeleted, it.Why, (Ready, True), (Synced, False), (SinkReachable, True), (Reconciling, True)),
        RefSituation.Failing it => Row(
            InventoryReasons.ExportFailed, it.Message, (Ready, False), (Synced, False), (SinkReachable, False), (Degraded, True), (Reconciling, True)),
        RefSituation.CircuitOpen it => Row(
            InventoryReasons.CircuitOpen,
            it.IsUnreachable
                ? FormattableString.Invariant(
                    $"the server of the sink cannot be reached; one export tries it every {Waits.Connections.Longest.TotalSeconds} s, and the others follow")
                : FormattableString.Invariant(
                    $"the sink is spared: {CircuitBreaker.Threshold} exports in a row failed, and one tries it every {Waits.CircuitBreaker.TotalSeconds} s"),
            (Ready, False),
            (Synced, Unknown),
            (SinkReachable, False),
            (Degraded, True),
            (Reconciling, True)),
        RefSituation.Refused it => Row(
            InventoryReasons.ExportRefused, it.Message, (Ready, False), (Synced, False), (SinkReachable, Unknown), (Degraded, True), (Stalled, True)),
        RefSituation.Superseded it => Row(
            InventoryReasons.ExportSuperseded, it.Message, (Ready, False), (Synced, False), (SinkReachable, True), (Degraded, True), (Reconciling, True)),
        _ => throw new UnreachableException(),
    };

    /// <summary>The conditions of an inventory; a condition that is not listed is absent from the status.</summary>
    public static Seq<Condition> Of(InventorySituation situation) => situation switch
    {
        InventorySituation.InvalidSpec it => Row(
            InventoryReasons.InvalidSpec, Summary("problem", it.Problems), (Ready, False), (Synced, False), (Degraded, True), (Stalled, True)),
        InventorySituation.NoSinks => Row(
            InventoryReasons.NoSinks, "spec.databaseSinkRefs is empty: nothing is exported", (Ready, True), (Synced, Unknown)),
        InventorySituation.RemovingRows it => Row(
            InventoryReasons.RemovingRows, $"the inventory is being deleted; its rows are left at {Summary("location", it.Open.Map(Left))}",
            (Ready, False), (Synced, Unknown), (Reconciling, True)),
        InventorySituation.Exporting it => Types.Choose(type => Combined(type, it.Refs)).Strict(),
        _ => throw new UnreachableException(),
    };

    // postgres "public.items", cluster "prod", through sink shop/a (tried until 2026-11-23T08:05:00Z: connect: …)
    private static string Left(RowCleanup cleanup) => cleanup.State is CleanupState.Pending { Why.Length: > 0 } it
        ? $"{cleanup.Location} (tried until {Times.Seconds(cleanup.Timeout.At)}: {Shown.Cut(it.Why, MaxOfMany)})"
        : $"{cleanup.Location}";

    // Ready=False/ExportRefused: 61 of 64 sinks: platform/a: connect: …; platform/b, platform/c, platform/d, and 57 more: export: …
    /// <summary>
    /// The worst status of this type among the refs, and the first refs that have it; the reason is that of a stalled ref, if there is one. Each ref has
    /// its conditions in full.
    /// </summary>
    private static Option<Condition> Combined(string type, Seq<RefReport> refs)
    {
        var conditions = (from it in refs
                          let row = Of(it.Situation)
                          from condition in row.Find(condition => condition.Type == type).ToSeq()
                          select (it.Sink, Condition: condition, IsStalled: row.Exists(other => other.Type == Stalled))).ToList();
        if (conditions.Count == 0)
            return None;
        var status = conditions.MaxBy(it => Weight(it.Condition.Status)).Condition.Status;
        var worst = conditions.Where(it => it.Condition.Status == status).OrderByDescending(it => it.IsStalled).ToList();
        var messages = worst.GroupBy(it => it.Condition.Message)
            .Select(group => $"{Names(group.Select(it => it.Sink))}: {Shown.Cut(group.Key, worst.Count > 1 ? MaxOfMany : int.MaxValue)}")
            .ToArray().ToSeq();
        var share = worst.Count > MaxNamed ? FormattableString.Invariant($"{worst.Count} of {refs.Count} sinks: ") : "";
        return worst[0].Condition.Saying(share + FirstFew.Of(messages, MaxNamed));
    }

    private static string Names(IEnumerable<SinkName> sinks) => FirstFew.Of(sinks.Select(it => $"{it}").ToArray().ToSeq(), MaxNamed, ", ");

    /// <summary>The order of severity when refs are combined; a status that holds for all refs comes last.</summary>
    private static int Weight(KollectConditionStatus status) => status switch
    {
        True => 0,
        Unknown => 1,
        False => 2,
        _ => throw new UnreachableException(),
    };
}
