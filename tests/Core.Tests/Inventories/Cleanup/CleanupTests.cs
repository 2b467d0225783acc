using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Operator.Status;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Inventories.Cleanup;

public sealed class CleanupTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private static readonly InventoryName Inventory = new("shop", "all");
    private static readonly SinkName Warehouse = new("platform", "warehouse");
    private static readonly RowLocation Items = new(Warehouse, new TableLocation(KollectDestinationBackend.Postgres, "public", "items", "prod"));
    private static readonly RowLocation Moved = Items with { At = Items.At with { Table = "inventory" } };

    private static readonly RemovalResult IsDown = RemovalResult.Failed.Of(
        new Failure.TryLater("connect: no answer — it is tried again", TimeSpan.FromSeconds(5)));

    private static readonly RemovalResult IsForbidden = RemovalResult.Failed.Of(
        new Failure.Refused("export: permission denied for table items (42501) — grant the role DELETE"));

    private static readonly RemovalResult IsGone = RemovalResult.Failed.WithoutWay("sink platform/warehouse does not exist");

    private static Seq<RowCleanup> Due(
        Seq<RowLocation> remembered, Seq<WantedRef> wanted, Reclaim reclaim = Reclaim.Delete, Seq<RowCleanup> underWay = default) =>
        OrphanedRows.DueCleanups(underWay, remembered, wanted, reclaim, Waits.Cleanup, Start);

    [Fact]
    public void A_removal_is_retried_until_it_succeeds_or_the_timeout_ends()
    {
        var timeline = new StringBuilder($"{"seconds",8} | decision and result\n");
        AppendTimeline(timeline, "the rows can be removed", _ => new RemovalResult.Removed(12));
        AppendTimeline(timeline, "the database is down, and comes back after 2 minutes", second => second < 120 ? IsDown : new RemovalResult.Removed(12));
        AppendTimeline(timeline, "the database never comes back", _ => IsDown);
        AppendTimeline(timeline, "the sink does not exist", _ => IsGone);
        AppendTimeline(timeline, "the role may not delete until DELETE is granted after a minute", second =>
            second < 60 ? IsForbidden : new RemovalResult.Removed(12));
        AppendTimeline(timeline, "another sink of the inventory exports to the same table", _ =>
            new RemovalResult.SharedWith(new SinkName("platform", "warehouse-2")));
        AppendTimeline(timeline, "the database does not answer within the limit", _ => IsDown, hangs: true);
        AppendTimeline(timeline, $"{Reclaiming.Annotation}: retain", _ => throw new InvalidOperationException("retained rows are not removed"), Reclaim.Retain);
        Golden.Verify(timeline.ToString(), "scheduling/cleanup.txt");
    }

    [Fact]
    public void Rows_at_a_location_without_a_ref_are_orphaned()
    {
        Assert.Empty(Due(Seq1(Items), Seq1(new WantedRef(Warehouse, Items, Exported: true))));
        Assert.Equal(Items, Due(Seq1(Items), Empty).Head.Location);
        Assert.Equal(Items, Due(Seq(Items, Moved), Seq1(new WantedRef(Warehouse, Moved, Exported: true))).Single().Location);
    }

    [Fact]
    public void Rows_at_an_old_location_stay_until_the_new_location_has_them() =>
        Assert.Empty(Due(Seq(Items, Moved), Seq1(new WantedRef(Warehouse, Moved, Exported: false))));

    [Fact]
    public void A_ref_to_a_missing_or_invalid_sink_keeps_its_rows() =>
        Assert.Empty(Due(Seq1(Items), Seq1(new WantedRef(Warehouse, None, Exported: true))));

    [Fact]
    public void A_ref_that_is_added_again_keeps_its_rows()
    {
        var underWay = Due(Seq1(Items), Empty).Map(it => it.After(IsDown, Start, 0.5));
        Assert.Empty(Due(Seq1(Items), Seq1(new WantedRef(Warehouse, Items, Exported: true)), underWay: underWay));
        Assert.Equal(underWay, Due(Seq1(Items), Empty, underWay: underWay));
    }

    [Fact]
    public void The_finalizer_is_removed_when_the_rows_of_every_location_are_removed_given_up_or_retained()
    {
        var remembered = Seq(Items, Moved);
        var cleanups = Due(remembered, Empty);
        Assert.Equal(remembered, OrphanedRows.Remaining(remembered, cleanups));
        var first = cleanups.Map(it => it.Location == Items ? it.After(new RemovalResult.Removed(3), Start, 0.5) : it);
        Assert.Equal(Moved, OrphanedRows.Remaining(remembered, first).Single());
        var late = Start + Waits.Cleanup;
        Assert.Empty(OrphanedRows.Remaining(remembered, first.Map(it => it.After(IsGone, late, 0.5))));
        Assert.Empty(OrphanedRows.Remaining(remembered, Due(remembered, Empty, Reclaim.Retain)));
        Assert.Empty(OrphanedRows.Remaining(Empty, Empty));
    }

    [Fact]
    public void A_location_is_recorded_once_before_the_first_row()
    {
        Assert.Equal(Seq(Items, Moved), OrphanedRows.WithLocation(Seq1(Items), Moved));
        Assert.Equal(Seq1(Items), OrphanedRows.WithLocation(Seq1(Items), Items));
    }

    [Fact]
    public void Rows_stay_while_another_sink_exports_to_the_same_table_on_the_same_server()
    {
        LocatedRows At(string sink, string? server, string cluster = "prod") => new(
            Items with { Sink = new SinkName("platform", sink), At = Items.At with { Cluster = cluster } },
            server is null ? None : Some(new SecretText(server)));
        Assert.Equal(new RemovalResult.SharedWith(new SinkName("platform", "b")), OrphanedRows.Objection(At("a", "db:5432/app"), Seq1(At("b", "db:5432/app"))));
        Assert.Equal(None, OrphanedRows.Objection(At("a", "db:5432/app"), Seq1(At("b", "dr:5432/app"))));
        Assert.Equal(None, OrphanedRows.Objection(At("a", "db:5432/app"), Seq1(At("b", "db:5432/app", cluster: "test"))));
        Assert.True(OrphanedRows.Objection(At("a", "db:5432/app"), Seq1(At("b", null))).Exists(it => it is RemovalResult.Failed));
        Assert.True(OrphanedRows.Objection(At("a", null), Seq1(At("b", null))).Exists(it => it is RemovalResult.Failed));
        Assert.Equal(None, OrphanedRows.Objection(At("a", null), Empty));
    }

    [Theory]
    [InlineData(null, nameof(Reclaim.Delete))]
    [InlineData("", nameof(Reclaim.Delete))]
    [InlineData(" delete ", nameof(Reclaim.Delete))]
    [InlineData("retain", nameof(Reclaim.Retain))]
    [InlineData("Retain", nameof(Reclaim.Retain))]
    [InlineData("keep", nameof(Reclaim.Retain))]
    public void Every_annotation_but_empty_and_delete_retains_the_rows(string? annotation, string expected) =>
        Assert.Equal(expected, Reclaiming.Of(annotation is null ? None : Some(annotation)).ToString());

    [Property]
    public Property No_result_and_no_clock_change_blocks_a_finalizer()
    {
        var failures = Gen.Elements(IsDown, IsGone, new RemovalResult.Failed("quota exceeded", TimeSpan.MaxValue)).ListOf();
        var seconds = Gen.OneOf(Gen.Constant(0), Gen.Choose(-7_200, 60)).ListOf();
        var clocks = from jumps in seconds from steady in Gen.Elements(true, false) select steady ? [] : jumps.ToArray();
        var jitters = Gen.Choose(0, 100).Select(percent => percent / 100.0);
        return Prop.ForAll(Arb.From(failures), Arb.From(clocks), Arb.From(jitters), (failures, jumps, jitter) =>
        {
            var cleanup = RowCleanup.Begin(Items, Waits.Cleanup, Start);
            var (now, waited) = (Start, TimeSpan.Zero);
            for (var step = 0; !cleanup.IsFinished; step++)
            {
                Assert.True(step < 1_000, "the cleanup does not end");
                if (cleanup.Next(now) is CleanupStep.WaitUntil wait)
                    (waited, now) = (waited + (wait.Time - now), wait.Time);
                else
                    cleanup = cleanup.After(failures.ElementAtOrDefault(step) ?? IsDown, now, jitter);
                now = now.AddSeconds(jumps.ElementAtOrDefault(step));
            }

            Assert.True(jumps.Any(jump => jump != 0) || waited == Waits.Cleanup, $"{waited}");
        });
    }

    private static void AppendTimeline(
        StringBuilder timeline, string title, Func<double, RemovalResult> answer, Reclaim reclaim = Reclaim.Delete, bool hangs = false)
    {
        timeline.Append(CultureInfo.InvariantCulture, $"\n{title}\n");
        var cleanup = Due(Seq1(Items), Empty, reclaim).Single();
        var now = Start;
        while (true)
        {
            var second = (now - Start).TotalSeconds;
            switch (cleanup.Next(now))
            {
                case CleanupStep.Remove remove:
                    now += hangs ? remove.Limit : TimeSpan.Zero;
                    cleanup = cleanup.After(answer(second), now, 0.5);
                    var state = cleanup.State.GetType().Name.ToLowerInvariant();
                    timeline.Append(
                        CultureInfo.InvariantCulture, $"{second,8:F0} | try to remove the rows, at most {remove.Limit.TotalSeconds:F0} s: {state}\n");
                    break;
                case CleanupStep.WaitUntil wait:
                    now = wait.Time;
                    break;
                default:
                    timeline.Append(CleanupEvents.Of(Inventory, cleanup).Match(
                        it => $"{second,8:F0} | {(it.IsWarning ? "Warning" : "Normal")} {it.Reason}: {it.Note}\n",
                        () => "no event\n"));
                    return;
            }
        }
    }
}
