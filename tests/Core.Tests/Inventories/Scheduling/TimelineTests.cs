using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Inventories.Scheduling;

/// <summary>Timelines as goldens: seconds since the start | event | decision.</summary>
public sealed class TimelineTests
{
    private static World NewWorld() => new(() => 0.5);

    [Fact]
    public void Changes_are_coalesced_and_the_same_content_waits_for_the_interval()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        world.At(10, "an object changes", () => shop.Content++);
        world.At(10.3, "another one changes", () => shop.Content++);
        world.At(10.8, "a third one changes while the export runs", () => shop.Content++);
        world.At(50, "the inventory is edited", () => shop.Generation++);
        world.At(60, "the sink is edited", () => shop.Sink.Generation++);
        world.At(65, "its Secret is rotated", () => shop.Sink.SecretVersion++);
        world.At(70, "the inventory is suspended", () => shop.Suspended = true);
        world.At(75, "an object changes", () => shop.Content++);
        world.At(120, "the inventory is resumed", () => shop.Suspended = false);
        world.At(130, "the interval becomes 0s", () => (shop.Generation, shop.Interval) = (shop.Generation + 1, ExportInterval.Of(TimeSpan.Zero, None, None)));
        world.At(140, "a target becomes forbidden", () => shop.Gate = new SnapshotGate.Incomplete("1 of 2 targets not collected", IncompleteCause.Trouble));
        world.At(150, "an object changes", () => shop.Content++);
        world.At(150.2, "and changes back", () => shop.Content--);
        world.At(160, "an object changes", () => shop.Content++);
        world.At(160.2, "and changes back", () => shop.Content--);
        world.At(160.4, "and changes again", () => shop.Content++);
        Golden.Verify(world.Run(170).Timeline, "scheduling/changes.txt");
    }

    [Fact]
    public void The_wait_between_attempts_grows_while_a_destination_is_down()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        shop.Sink.Answer = SinkModel.IsDown;
        world.At(20, "an object changes", () => shop.Content++);
        world.At(200, "an object changes", () => shop.Content++);
        world.At(40, "the inventory is edited", () => shop.Generation++);
        world.At(300, "the sink's probe fails", () => shop.Sink.Ready = false);
        world.At(320, "the server is up again, and the sink becomes ready", () => (shop.Sink.Ready, shop.Sink.Answer) = (true, SinkModel.Works));
        world.At(350, "the server asks for a wait of 2 minutes", () => shop.Sink.Answer = _ =>
            new ExportResult.Failed(new Failure.TryLater("export: quota exceeded — it is tried again", TimeSpan.FromMinutes(2))));
        world.At(400, "the server works again", () => shop.Sink.Answer = SinkModel.Works);
        Golden.Verify(world.Run(500).Timeline, "scheduling/back-off.txt");
    }

    [Fact]
    public void A_refused_export_is_retried_after_a_change()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        shop.Sink.Answer = SinkModel.Refuses;
        foreach (var second in new[] { 100, 110, 120, 130, 140 })
            world.At(second, "an object changes", () => shop.Content++);
        world.At(200, "the Secret gets another wrong password", () => shop.Sink.SecretVersion++);
        world.At(300, "the Secret gets the right one", () => (shop.Sink.SecretVersion, shop.Sink.Answer) = (3, SinkModel.Works));
        Golden.Verify(world.Run(320).Timeline, "scheduling/refused.txt");
    }

    [Fact]
    public void A_circuit_opens_after_five_failures_and_lets_one_trial_through()
    {
        var world = NewWorld();
        var sink = world.Sink("warehouse");
        var refs = new[] { "a", "b", "c" }.Select(name => world.Ref(name, sink)).ToList();
        (sink.Answer, sink.Takes) = (SinkModel.IsDown, TimeSpan.FromSeconds(2));
        world.At(60, "the server is up again", () => sink.Answer = SinkModel.Works);
        Golden.Verify(world.Run(100).Timeline, "scheduling/circuit.txt");
    }

    [Fact]
    public void An_edited_sink_gets_a_closed_circuit()
    {
        var world = NewWorld();
        var sink = world.Sink("warehouse");
        foreach (var name in new[] { "a", "b", "c" })
            world.Ref(name, sink);
        sink.Answer = SinkModel.IsDown;
        world.At(20, "the sink is edited, and works", () => (sink.Generation, sink.Answer) = (2, SinkModel.Works));
        Golden.Verify(world.Run(30).Timeline, "scheduling/circuit-of-an-edited-sink.txt");
    }

    [Fact]
    public void A_clock_that_is_set_back_does_not_stop_exports()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        world.At(40, "the clock is set back by an hour", () => world.SetClock(TimeSpan.FromHours(-1)));
        world.At(50, "an object changes", () => shop.Content++);
        world.At(50.2, "the clock is set back by a day", () => world.SetClock(TimeSpan.FromDays(-1)));
        world.At(55, "the clock is set back by a second", () => world.SetClock(TimeSpan.FromSeconds(-1)));
        Golden.Verify(world.Run(120).Timeline, "scheduling/clock-set-back.txt");
        Assert.Equal(world.Runs.Select(run => run.SnapshotTime).Order().Distinct(), world.Runs.Select(run => run.SnapshotTime));
    }

    [Fact]
    public void A_superseded_export_is_retried_with_a_newer_snapshot()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        var held = World.Start.AddHours(1);
        shop.Sink.Answer = run => run.SnapshotTime > held ? SinkModel.Works(run) : new ExportResult.Superseded(run.SnapshotTime, held);
        Golden.Verify(world.Run(20).Timeline, "scheduling/superseded.txt");
        Assert.Equal(held.AddMilliseconds(1), world.Runs[^1].SnapshotTime);
    }

    [Fact]
    public void A_destination_that_keeps_a_ledger_gets_differences_and_looks()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        (shop.Sink.Answer, shop.Sink.Takes) = (SinkModel.Records, TimeSpan.FromSeconds(0.01));
        world.At(10, "an object changes", () => shop.Content++);
        world.At(10.02, "and another one", () => shop.Content++);
        world.At(10.03, "and a third one", () => shop.Content++);
        world.At(31, "an object changes just after the interval", () => (shop.Content, shop.Sink.Takes) = (shop.Content + 1, TimeSpan.FromSeconds(0.4)));
        world.At(31.2, "and again while the export runs", () => shop.Content++);
        world.At(35, "a target becomes forbidden", () => shop.Gate = new SnapshotGate.Incomplete("1 of 2 targets not collected", IncompleteCause.Trouble));
        world.At(36, "an object changes", () => shop.Content++);
        world.At(37, "the target may be listed again", () => shop.Gate = new SnapshotGate.Complete());
        world.At(40, "another writer writes the rows, and an object changes", () => (shop.Sink.LosesBasis, shop.Content) = (true, shop.Content + 1));
        world.At(41, "an object changes", () => (shop.Sink.LosesBasis, shop.Content) = (false, shop.Content + 1));
        world.At(42, "an export is requested", () => shop.IsExportRequested = true);
        world.At(44, "the request is taken back", () => shop.IsExportRequested = false);
        world.At(45, "an export is requested again", () => shop.IsExportRequested = true);
        world.At(50, "an object changes while the server is down", () => (shop.Content, shop.Sink.Answer) = (shop.Content + 1, SinkModel.IsDown));
        world.At(51, "the server works again", () => shop.Sink.Answer = SinkModel.Records);
        world.At(60, "an object changes", () => shop.Content++);
        var halfADay = ExportInterval.Of(TimeSpan.FromHours(12), None, None);
        world.At(61, "the interval becomes 12h", () => (shop.Generation, shop.Interval) = (shop.Generation + 1, halfADay));
        world.At(90_000, "an object changes a day later", () => shop.Content++);
        Golden.Verify(world.Run(90_001).Timeline, "scheduling/ledger.txt");
    }

    [Fact]
    public void A_rejected_item_leaves_the_exports_differences_and_a_restart_finds_out_which_it_is()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        var rejected = RejectedItems.None.With([new RejectedItem(new RowIdentity("deployments", "1d9c"), "Deployment shop/web: is too large")]);
        shop.Sink.Answer = run => SinkModel.Records(run) is ExportResult.Exported it
            ? it with { Outcome = it.Outcome with { Rejected = 1 }, Rejected = rejected }
            : throw new InvalidOperationException();
        world.At(10, "an object changes", () => shop.Content++);
        world.At(41, "the operator is started again", () => shop.State = SinkExportState.Restored(
            shop.State.LastSuccess.Map(it => it with { Rejected = RejectedItems.None, Content = None }), None, None));
        world.At(50, "an object changes", () => shop.Content++);
        world.Run(51);
        Assert.Equal(["Full", "Changes", "Look", "Full", "Changes"], world.Runs.Select(run => run.Method.GetType().Name));
        Assert.All(world.Runs, run => Assert.Equal(
            run.Method is not ExportMethod.Full,
            run.Method is ExportMethod.Changes { Rejected.Count: 1 } or ExportMethod.Look { Rejected.Count: 1 }));
    }

    [Theory]
    [InlineData(1, "Changes")]
    [InlineData(2, "Changes")]
    [InlineData(3, "Full")]
    public void After_a_failure_the_ledger_tells_what_the_destination_holds_until_failures_repeat(int failures, string method) =>
        Assert.Equal(method, MethodAfter(failures, SinkModel.IsDown));

    [Fact]
    public void An_outage_however_long_leads_to_a_difference_and_a_refusal_to_an_export_in_full()
    {
        Assert.Equal("Changes", MethodAfter(50, SinkModel.IsUnreachable));
        Assert.Equal("Full", MethodAfter(1, SinkModel.Refuses));
    }

    [Fact]
    public void Where_there_is_no_ledger_a_failure_leads_to_an_export_in_full()
    {
        Assert.Equal("Full", MethodAfter(1, SinkModel.IsDown, run => SinkModel.Records(run) is ExportResult.Exported it
            ? it with { Fence = it.Fence.Map(fence => fence with { IsTimeAlone = true }) }
            : throw new InvalidOperationException()));
    }

    [Fact]
    public void A_cancelled_export_is_followed_by_a_difference()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        shop.Sink.Answer = SinkModel.Records;
        world.At(10, "an object changes", () => shop.Content++);
        world.At(10.1, "the export is cancelled", () => (shop.Running, shop.State) = (null, shop.State.Abandoned()));
        world.Run(12);
        Assert.Equal(["Full", "Changes", "Changes"], world.Runs.Select(run => run.Method.GetType().Name));
        Assert.Equal(["content 1", "content 1"], world.Runs.Skip(1).Select(run => ((ExportMethod.Changes)run.Method).Basis.Checksum));
    }

    [Fact]
    public void A_basis_that_is_lost_is_not_tried_again_where_the_export_in_full_fails_too()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        shop.Sink.Answer = SinkModel.Records;
        world.At(10, "an object changes", () => (shop.Content, shop.Sink.LosesBasis, shop.Sink.Answer) = (shop.Content + 1, true, SinkModel.IsDown));
        world.Run(20);
        Assert.Equal(["Full", "Changes", "Full"], world.Runs.Take(3).Select(run => run.Method.GetType().Name));
    }

    /// <summary>The method of the first export after these failures, of content that has changed.</summary>
    private static string MethodAfter(int failures, Func<ExportRun, ExportResult> answer, Func<ExportRun, ExportResult>? first = null)
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        shop.Sink.Answer = first ?? SinkModel.Records;
        world.At(10, "an object changes, and exports fail", () => (shop.Content, shop.Sink.Answer) = (shop.Content + 1, run =>
            world.Runs.Count <= failures + 1 ? answer(run) : SinkModel.Records(run)));
        world.At(50, "an object changes", () => shop.Content++);
        world.Run(1_000);
        return world.Runs[failures + 1].Method.GetType().Name;
    }

    [Fact]
    public void Content_that_changes_all_the_time_puts_off_no_look()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        (shop.Sink.Answer, shop.Sink.Takes) = (SinkModel.Records, TimeSpan.FromSeconds(0.005));
        for (var i = 0; i < 12_000; i++)
            world.At(1 + (i * 0.01), "an object changes", () => shop.Content++);
        world.Run(121);
        var verified = world.Runs.Where(run => run.Method is ExportMethod.Full or ExportMethod.Look or ExportMethod.Changes { Looks: true }).ToList();
        Assert.InRange(verified.Count, 4, 5);
        Assert.All(verified.Zip(verified.Skip(1)), pair => Assert.InRange((pair.Item2.Start - pair.Item1.Start).TotalSeconds, 29, 31));
    }

    [Fact]
    public void A_server_that_cannot_be_reached_is_tried_by_one_export_every_few_seconds()
    {
        var world = NewWorld();
        var warehouse = world.Sink("warehouse");
        var refs = new[] { "a", "b", "c" }.Select(name => world.Ref(name, warehouse)).ToArray();
        warehouse.Answer = SinkModel.Records;
        world.At(10, "the server goes away, and objects change", () =>
        {
            (warehouse.Answer, warehouse.Takes) = (SinkModel.IsUnreachable, TimeSpan.FromSeconds(0.01));
            refs.ToList().ForEach(it => it.Content++);
        });
        world.At(40, "the server is back", () => warehouse.Answer = SinkModel.Records);
        Golden.Verify(world.Run(45).Timeline, "scheduling/outage.txt");
        Assert.All(refs, it => Assert.InRange(world.Runs.Last(run => run.Ref == it).Start, World.Start.AddSeconds(40), World.Start.AddSeconds(45)));
    }

    [Fact]
    public void After_a_long_outage_a_server_that_starts_is_not_left_alone_for_minutes()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        shop.Sink.Answer = SinkModel.IsUnreachable;
        world.At(3_600, "the server answers, but is overloaded", () => shop.Sink.Answer = SinkModel.IsDown);
        world.At(3_610, "and works", () => shop.Sink.Answer = SinkModel.Records);
        world.Run(3_640);
        Assert.Contains(world.Runs, run => run.Result is ExportResult.Exported);
    }

    [Fact]
    public void A_restart_looks_at_once_and_trusts_the_status()
    {
        var world = NewWorld();
        var shop = world.Ref("all", world.Sink("warehouse"));
        shop.Sink.Answer = SinkModel.Records;
        var basis = shop.Facts.Basis.Match(Right: basis => basis, Left: why => throw new InvalidOperationException(why));
        var success = new ExportSuccess(basis, World.Start.AddSeconds(-5), new ExportOutcome(3, 3, 0, 0, 0, 0, 0, 0, 0, false, 0, 900, 200, Empty))
        {
            Fence = new Fence(World.Start.AddSeconds(-5), basis.Checksum),
            ComparedAt = World.Start.AddHours(-2),
        };
        shop.State = SinkExportState.Restored(success, None, None);
        world.At(1, "an object changes", () => shop.Content++);
        Golden.Verify(world.Run(2).Timeline, "scheduling/restart-with-ledger.txt");
    }

    [Fact]
    public void A_restart_continues_from_the_status()
    {
        var world = NewWorld();
        var (calm, changed, down) = (world.Ref("calm", world.Sink("a")), world.Ref("changed", world.Sink("b")), world.Ref("failed", world.Sink("c")));
        down.Sink.Answer = SinkModel.IsDown;
        foreach (var it in new[] { calm, changed, down })
        {
            var basis = it.Facts.Basis.Match(Right: basis => basis, Left: why => throw new InvalidOperationException(why));
            var success = new ExportSuccess(basis, World.Start.AddSeconds(-20), new ExportOutcome(3, 3, 0, 0, 0, 0, 0, 0, 0, false, 0, 900, 200, Empty));
            var failed = World.Start.AddSeconds(-5);
            var failure = new ExportFailure(basis, FailureClass.TryLater, "no answer", 3, failed, Deadline.After(failed, TimeSpan.FromSeconds(20)));
            it.State = SinkExportState.Restored(success, it == down ? Some(failure) : None, None);
            it.Gate = new SnapshotGate.NotYet("1 of 1 targets not listed yet: deployments");
        }

        changed.Content++;
        world.At(3, "all targets have listed", () => calm.Gate = changed.Gate = down.Gate = new SnapshotGate.Complete());
        Golden.Verify(world.Run(45).Timeline, "scheduling/restart.txt");
    }
}
