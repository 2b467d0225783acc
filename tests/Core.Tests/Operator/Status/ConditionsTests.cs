using Kollect.Core.Explanations;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Operator.Status;

public sealed class ConditionsTests
{
    private static readonly RowLocation Items = new(
        new SinkName("platform", "warehouse"), new TableLocation(KollectDestinationBackend.Postgres, "public", "items", "prod"));

    private static readonly Seq<RefSituation> OfRefs = SampleSituations.OfRefs;

    private static readonly Seq<InventorySituation> OfInventories = SampleSituations.OfInventories.Add(
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

    /// <summary>64 missing sinks gave 14 KB in each of five conditions.</summary>
    [Fact]
    public void Conditions_over_many_refs_count_them_and_name_the_first()
    {
        var missing = Enumerable.Range(0, 64).Select(i => Report($"s{i:00}", new RefSituation.SinkMissing())).ToArray().ToSeq();
        Assert.All(InventoryConditions.Of(new InventorySituation.Exporting(missing)), it => Assert.Equal(
            "64 of 64 sinks: platform/s00, platform/s01, platform/s02, and 61 more: the sink does not exist; create it, or drop the ref", it.Message));

        var longest = new string('x', 4_096);
        var failing = Enumerable.Range(0, 64).Select(i => Report($"s{i:00}", new RefSituation.Failing($"{i}: {longest}"))).ToArray().ToSeq();
        var ready = InventoryConditions.Of(new InventorySituation.Exporting(failing)).Head.Message;
        Assert.InRange(ready.Length, 1_500, 2_000);
        Assert.StartsWith("64 of 64 sinks: platform/s00: 0: xxx", ready, StringComparison.Ordinal);
        Assert.EndsWith("…; and 61 more", ready, StringComparison.Ordinal);

        var one = InventoryConditions.Of(new InventorySituation.Exporting(failing.Take(1))).Head.Message;
        Assert.Equal($"platform/s00: 0: {longest}", one);
    }

    [Fact]
    public void Conditions_of_many_problems_and_locations_count_them_and_name_the_first()
    {
        var problems = Enumerable.Range(0, 300).Select(i => new Problem("KDB101", $"spec.databaseSinkRefs[{i}]", new string('x', 4_096))).ToArray().ToSeq();
        var invalid = InventoryConditions.Of(new InventorySituation.InvalidSpec(problems)).Head.Message;
        Assert.StartsWith("300 problems: KDB101 spec.databaseSinkRefs[0]: xxx", invalid, StringComparison.Ordinal);
        Assert.EndsWith("…; and 290 more", invalid, StringComparison.Ordinal);
        Assert.InRange(invalid.Length, 5_000, 5_400);

        var removing = InventoryConditions.Of(new InventorySituation.RemovingRows(
            Enumerable.Repeat(RowCleanup.Begin(Items, Waits.Cleanup, Sinks.Monday), 64).ToArray().ToSeq())).Head.Message;
        Assert.Contains("64 locations: ", removing, StringComparison.Ordinal);
        Assert.EndsWith("; and 54 more", removing, StringComparison.Ordinal);
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
        shown.Select(type => type.Name).Distinct().Order(StringComparer.Ordinal));

    // Failing
    //     Ready=False Synced=False  ExportFailed
    //     connect: no answer — it is tried again
    private static string Shown(string title, Seq<Condition> row) =>
        $"{title}\n" + string.Concat(row.GroupBy(it => (it.Reason, it.Message)).Select(group =>
            $"    {string.Join(' ', group.Select(it => $"{it.Type}={it.Status}"))} | {group.Key.Reason}\n        {group.Key.Message}\n")) + "\n";
}
