using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Operator.Status;

public sealed class ConditionsTests
{
    private static readonly RowLocation Items = new(
        new SinkName("platform", "warehouse"), new TableLocation(KollectDestinationBackend.Postgres, "public", "items", "prod"));

    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private static readonly Seq<RefSituation> OfRefs = Seq<RefSituation>(
        new RefSituation.Collecting("1 of 2 targets not listed yet: services"),
        new RefSituation.CollectingAgain("1 of 2 targets not listed yet: services"),
        new RefSituation.ExportPending("the sink was edited"),
        new RefSituation.Synced("the destination now holds exactly the snapshot"),
        new RefSituation.ItemsRejected("the destination now holds the snapshot without the rejected items, whose old rows were kept"),
        new RefSituation.SnapshotIncomplete("1 of 2 targets not collected, so no row is deleted: services: forbidden"),
        new RefSituation.TargetsSuspended("1 of 2 targets not collected, so no row is deleted: services: suspended"),
        new RefSituation.TargetsDeleted("1 of 2 targets not collected, so no row is deleted: services: deleted, and its rows stay until …"),
        new RefSituation.CollectionDelayed(Monday, "1 of 2 targets not listed yet: services"),
        new RefSituation.ExportDelayed(Monday),
        new RefSituation.Failing("connect: no answer — it is tried again"),
        new RefSituation.CircuitOpen(),
        new RefSituation.Superseded(
            "nothing was written: the destination already holds a snapshot of 2026-11-23T08:00:01.000Z, this one is of 2026-11-23T08:00:00.000Z"),
        new RefSituation.Refused("connect: wrong password — correct it in the Secret"),
        new RefSituation.SinkMissing(),
        new RefSituation.SinkInvalid("KDB031 spec.postgres.table: missing"),
        new RefSituation.Suspended());

    private static readonly Seq<InventorySituation> OfInventories = Seq<InventorySituation>(
        new InventorySituation.InvalidSpec(Seq(new Problem("KDB101", "spec.databaseSinkRefs[0]", "…"), new Problem("KDB102", "spec.targetRefs", "…"))),
        new InventorySituation.NoSinks(),
        new InventorySituation.RemovingRows(Seq1(Items)),
        new InventorySituation.Exporting(Seq(
            Report("works", new RefSituation.Synced("the destination now holds exactly the snapshot")),
            Report("hangs", new RefSituation.Failing("connect: no answer — it is tried again")),
            Report("refuses", new RefSituation.Refused("connect: wrong password — correct it in the Secret")),
            Report("refuses-too", new RefSituation.Refused("connect: wrong password — correct it in the Secret")))));

    private static RefReport Report(string sink, RefSituation situation) => new(new SinkName("platform", sink), situation, SinkExportState.Initial);

    [Fact]
    public void Every_situation_has_its_conditions()
    {
        AssertComplete(typeof(RefSituation), OfRefs.Map(it => it.GetType()));
        AssertComplete(typeof(InventorySituation), OfInventories.Map(it => it.GetType()));
        Golden.Verify(
            "Of one ref\n\n" + string.Concat(OfRefs.Map(it => Shown(it.GetType().Name, InventoryConditions.Of(it))))
            + "Of an inventory\n\n" + string.Concat(OfInventories.Map(it => Shown(it.GetType().Name, InventoryConditions.Of(it)))),
            "scheduling/conditions.txt");
        Assert.All(
            OfRefs.Bind(InventoryConditions.Of).AsEnumerable().Concat(OfInventories.Bind(InventoryConditions.Of)),
            it => Assert.Contains(it.Type, InventoryConditions.Types.AsEnumerable()));
    }

    [Fact]
    public void An_inventory_with_one_sink_has_the_conditions_of_that_sink()
    {
        foreach (var situation in OfRefs)
        {
            var ofRef = InventoryConditions.Of(situation);
            var ofInventory = InventoryConditions.Of(new InventorySituation.Exporting(Seq1(Report("warehouse", situation))));
            Assert.Equal(ofRef.Map(it => it with { Message = $"platform/warehouse: {it.Message}" }), ofInventory);
        }
    }

    [Fact]
    public void No_situation_is_both_stalled_and_reconciling_and_each_one_gives_its_reason()
    {
        foreach (var row in OfRefs.Map(InventoryConditions.Of))
        {
            bool Has(string type) => row.Exists(it => it.Type == type);
            Assert.False(Has(Condition.Stalled) && Has(Condition.Reconciling));
            Assert.True(row.Head is { Type: Condition.Ready, Status: not KollectConditionStatus.False } || Has(Condition.Degraded));
            Assert.Single(row.Map(it => (it.Reason, it.Message)).Distinct());
        }
    }

    [Fact]
    public void A_message_over_the_limit_of_the_API_is_cut_between_characters()
    {
        var message = InventoryConditions.Of(new RefSituation.Failing(string.Concat(Enumerable.Repeat("🦊", 20_000)))).Head.Message;
        Assert.InRange(message.Length, 32_767, 32_768);
        Assert.All(message.EnumerateRunes(), rune => Assert.NotEqual(System.Text.Rune.ReplacementChar, rune));
    }

    private static void AssertComplete(Type union, IEnumerable<Type> shown) => Assert.Equal(
        union.GetNestedTypes().Where(type => type.IsAssignableTo(union)).Select(type => type.Name).Order(StringComparer.Ordinal),
        shown.Select(type => type.Name).Order(StringComparer.Ordinal));

    // Failing
    //     Ready=False Synced=False  ExportFailed
    //     connect: no answer — it is tried again
    private static string Shown(string title, Seq<Condition> row) =>
        $"{title}\n" + string.Concat(row.GroupBy(it => (it.Reason, it.Message)).Select(group =>
            $"    {string.Join(' ', group.Select(it => $"{it.Type}={it.Status}"))} | {group.Key.Reason}\n        {group.Key.Message}\n")) + "\n";
}
