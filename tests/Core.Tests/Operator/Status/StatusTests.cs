using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator.Status;
using Kollect.Core.Tests.Inventories.Scheduling;

namespace Kollect.Core.Tests.Operator.Status;

[Properties(Arbitrary = [typeof(Seeds)])]
public sealed class StatusTests
{
    [Fact]
    public void Hanging_refusing_and_working_sinks_have_different_conditions()
    {
        var world = new World(() => 0.5);
        var refs = new[] { "works", "hangs", "refuses" }.Select(name => world.Ref("all", world.Sink(name))).ToArray();
        (refs[1].Sink.Takes, refs[1].Sink.Answer, refs[2].Sink.Answer) = (TimeSpan.FromSeconds(15), SinkModel.IsDown, SinkModel.Refuses);
        foreach (var it in refs)
            it.Gate = new SnapshotGate.NotYet("2 of 2 targets not listed yet: deployments; services");
        var status = InventoryStatus.Initial;
        world.Reconciled = () =>
        {
            var after = Next(status, refs, world);
            foreach (var it in Transitions.Between(status, after))
                world.Note($"{"",8} | {(it.IsWarning ? "Warning" : "Normal")} {it.Reason}: {it.Note}\n");
            if (ConditionsOf(after) != ConditionsOf(status))
                world.Note($"{"",8} | {ConditionsOf(after)}\n");
            status = after;
        };
        void All(double second, string name, Action<RefModel> apply) => world.At(second, name, () => refs.ToList().ForEach(apply));
        All(2, "all targets have listed", it => it.Gate = new SnapshotGate.Complete());
        All(20, "a target becomes forbidden", it => it.Gate = new SnapshotGate.Incomplete(
            "1 of 2 targets not collected, so no row is deleted: services: forbidden", IncompleteCause.Trouble));
        world.At(45, "the password is corrected", () => (refs[2].Sink.SecretVersion, refs[2].Sink.Answer) = (2, SinkModel.Works));
        All(50, "the target may be listed again", it => it.Gate = new SnapshotGate.Complete());
        world.At(60, "the sink that works is deleted", () => refs[0].Sink.Exists = false);
        world.At(65, "and created again", () => (refs[0].Sink.Exists, refs[0].Sink.SecretVersion) = (true, 2));
        All(75, "the inventory is suspended", it => it.Suspended = true);
        world.Run(80);
        Golden.Verify(world.Timeline, "scheduling/status.txt");
    }

    [Property]
    public void A_reconcile_keeps_recorded_exports_and_equal_facts_write_nothing(int seed) => Run(seed, (world, refs) =>
    {
        var status = InventoryStatus.Initial;
        var finished = 0;
        world.Reconciled = () =>
        {
            var after = Next(status, refs, world);
            Assert.Equal(after, Next(after, refs, world));
            if (finished == (finished = world.Runs.Count(run => run.Result is not null)))
            {
                Assert.Equal(status.LastExportTime, after.LastExportTime);
                Assert.True(status.ItemCount.IsNone || status.ItemCount == after.ItemCount);
                foreach (var (old, now) in status.SinkExports.Zip(after.SinkExports))
                    Assert.Equal((old.Sink, old.Success, old.Failure), (now.Sink, now.Success, now.Failure));
            }

            foreach (var now in after.Conditions)
            {
                var old = status.Conditions.Find(it => it.Condition.Type == now.Condition.Type);
                Assert.True(old.Exists(it => it.Condition.Status == now.Condition.Status)
                    ? old.Exists(it => it.LastTransitionTime == now.LastTransitionTime)
                    : now.LastTransitionTime > world.Now.AddSeconds(-1));
            }

            status = after;
        };
    });

    [Property]
    public void A_restart_restores_the_situation_from_the_status(int seed) => Run(seed, (world, refs) => world.Reconciled = () =>
    {
        var status = Next(InventoryStatus.Initial, refs, world);
        foreach (var (it, export) in refs.Zip(status.SinkExports))
        {
            var restored = export.Restored();
            Assert.Equal(it.State.LastSuccess, restored.LastSuccess);
            Assert.Equal(SituationOf(it, it.State, world), SituationOf(it, restored with { BlockedSince = it.State.BlockedSince }, world));
        }
    });

    [Property]
    public void An_unchanged_situation_is_reported_once(int seed) => Run(seed, (world, refs) =>
    {
        var status = InventoryStatus.Initial;
        world.Reconciled = () =>
        {
            var after = Next(status, refs, world);
            Assert.Empty(Transitions.Between(after, Next(after, refs, world)));
            status = after;
        };
    });

    [Fact]
    public void A_restart_of_a_synced_inventory_gives_no_event()
    {
        var world = new World(() => 0.5);
        var shop = world.Ref("all", world.Sink("warehouse"));
        world.Run(5);
        var synced = Next(InventoryStatus.Initial, [shop], world);
        (shop.State, shop.Gate) = (synced.SinkExports.Head.Restored(), new SnapshotGate.NotYet("1 of 1 targets not listed yet: deployments"));
        var collecting = Next(synced, [shop], world);
        Assert.Equal("CollectingAgain", collecting.Conditions.Head.Condition.Reason);
        Assert.Empty(Sequences.Join(Transitions.Between(synced, collecting), Transitions.Between(collecting, synced)));
    }

    /// <summary>While a kind could not be listed, the inventory stayed ready, and a restart would make it so again.</summary>
    [Fact]
    public void Without_a_snapshot_for_a_minute_an_inventory_is_not_ready_and_a_restart_does_not_change_that()
    {
        var world = new World(() => 0.5);
        var shop = world.Ref("all", world.Sink("warehouse"));
        world.At(10, "the list of a target begins to fail", () => shop.Gate = new SnapshotGate.NotYet("1 of 1 targets not listed yet: deployments"));
        world.Run(69);
        Assert.Equal("True CollectingAgain", Ready());
        world.Run(71);
        Assert.Equal("False CollectionDelayed", Ready());
        shop.State = Next(InventoryStatus.Initial, [shop], world).SinkExports.Head.Restored();
        Assert.Equal("False CollectionDelayed", Ready());

        string Ready() => Next(InventoryStatus.Initial, [shop], world).Conditions
            .Find(it => it.Condition.Type == Condition.Ready)
            .Map(it => $"{it.Condition.Status} {it.Condition.Reason}").IfNone("");
    }

    /// <summary>One row lock held an export up for hours while the status said Synced.</summary>
    [Fact]
    public void An_export_that_does_not_end_is_not_synced()
    {
        var world = new World(() => 0.5);
        var shop = world.Ref("all", world.Sink("warehouse"), intervalSeconds: 90);
        world.Run(5);
        var (basis, started) = (shop.State.LastSuccess.Map(it => it.Of).IfNone(() => throw new Xunit.Sdk.XunitException("nothing was exported")), world.Now);
        shop.State = shop.State with { Running = new ExportAttempt(basis, new ExportMethod.Full(""), SnapshotContent.Nothing, started, started) };
        Assert.IsType<RefSituation.Synced>(RefSituation.Of(shop.Facts, shop.State, shop.Sink.Breaker, shop.Interval, started.AddSeconds(89)));
        Assert.IsType<RefSituation.ExportDelayed>(RefSituation.Of(shop.Facts, shop.State, shop.Sink.Breaker, shop.Interval, started.AddSeconds(90)));
    }

    [Fact]
    public void An_invalid_spec_and_a_deletion_keep_the_recorded_exports_and_a_spec_without_sinks_drops_them()
    {
        var world = new World(() => 0.5);
        var shop = world.Ref("all", world.Sink("warehouse"));
        world.Run(5);
        var synced = Next(InventoryStatus.Initial, [shop], world);
        InventoryStatus After(InventorySituation situation) => synced.After(situation, None, Empty, 2, world.Now);
        Assert.Equal(synced.SinkExports, After(new InventorySituation.InvalidSpec(Empty)).SinkExports);
        Assert.Equal(synced.SinkExports, After(new InventorySituation.RemovingRows(Empty)).SinkExports);
        Assert.Empty(After(new InventorySituation.NoSinks()).SinkExports);
        Assert.Equal(synced.LastExportTime, After(new InventorySituation.NoSinks()).LastExportTime);
        Assert.Equal("InvalidSpec", Transitions.Between(synced, After(new InventorySituation.InvalidSpec(Empty))).Single().Reason);
    }

    private static InventoryStatus Next(InventoryStatus before, IEnumerable<RefModel> refs, World world)
    {
        var reports = refs.Select(it => new RefReport(it.Sink.Name, SituationOf(it, it.State, world), it.State)).ToArray().ToSeq();
        Option<long> items = refs.All(it => it.Gate is SnapshotGate.NotYet) ? None : 3;
        return before.After(new InventorySituation.Exporting(reports), items, Empty, 1, world.Now);
    }

    private static RefSituation SituationOf(RefModel it, SinkExportState state, World world) =>
        RefSituation.Of(it.Facts, state, it.Sink.Breaker, it.Interval, world.Now);

    // Ready=False/ExportRefused Synced=False/ExportRefused …
    private static string ConditionsOf(InventoryStatus status) =>
        string.Join(' ', status.Conditions.Map(it => $"{it.Condition.Type}={it.Condition.Status}/{it.Condition.Reason}"));

    /// <summary>Runs one inventory on three sinks; results, gate and content change at random.</summary>
    /// <param name="arrange">Sets <see cref="World.Reconciled"/> to the assertions.</param>
    private static void Run(int seed, Action<World, RefModel[]> arrange)
    {
        var random = new System.Random(seed);
        var world = new World(random.NextDouble);
        var refs = new[] { "a", "b", "c" }.Select(name => world.Ref("all", world.Sink(name))).ToArray();
        Func<ExportRun, ExportResult>[] answers = [SinkModel.Works, SinkModel.IsDown, SinkModel.Refuses];
        SnapshotGate[] gates =
        [
            new SnapshotGate.NotYet("not listed"),
            new SnapshotGate.Complete(),
            new SnapshotGate.Incomplete("forbidden", IncompleteCause.Trouble),
            new SnapshotGate.Incomplete("suspended", IncompleteCause.Suspended),
        ];
        for (var i = 0; i < 20; i++)
        {
            world.At(random.NextDouble() * 300, "answers change", () => refs[random.Next(3)].Sink.Answer = answers[random.Next(3)]);
            world.At(random.NextDouble() * 300, "sinks come and go", () => refs[random.Next(3)].Sink.Exists = random.Next(3) > 0);
            var (gate, suspended) = (gates[random.Next(4)], random.Next(5) == 0);
            world.At(random.NextDouble() * 300, "the inventory changes", () => refs.ToList().ForEach(
                it => (it.Gate, it.Suspended, it.Content) = (gate, suspended, i)));
        }

        arrange(world, refs);
        world.Run(300);
    }
}
