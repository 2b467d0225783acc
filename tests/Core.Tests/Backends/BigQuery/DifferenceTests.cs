using System.Text;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Backends.BigQuery;

public sealed class DifferenceTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 30, 0, TimeSpan.Zero);

    private static readonly Fence Basis = new(Monday, "before");

    private static readonly ExportPlan Export = new(
        new SnapshotHeader(new Scope("platform", "all", "east"), Monday.AddMinutes(1), None) { Content = new ContentStamp("after", 10) },
        new TableId("acme-prod", "inventory", "items"),
        1,
        "EU",
        None,
        false,
        new JobSettings("INTERACTIVE", Some("1000000000"), None, Seq<(string, string)>()));

    internal static DeltaPlan Plan { get; } = new(Export, Basis);

    private static readonly SnapshotCounts Read = SnapshotCounts.Zero with { Items = 2 };

    [Fact]
    public void A_job_without_any_effect_is_exactly_a_failed_fence()
    {
        Assert.Equal(
            "the newest row of the scope is not of 2026-11-23T08:30:00.000Z",
            Plan.Conclude(new JobState.Done(0, 0, 0, 0), 2, Read).Match(_ => "", lost => lost.Why));
        Assert.True(Plan.Conclude(new JobState.Done(0, 0, 0, 0), 0, SnapshotCounts.Zero).IsLeft);
    }

    [Theory]
    [InlineData(1, 1, 1, 2, "1 inserted, 1 updated, 1 deleted, 8 unchanged of 10, then 08:31")]
    [InlineData(0, 1, 2, 0, "0 inserted, 0 updated, 2 deleted, 10 unchanged of 10, then 08:31")] // one row got the time
    [InlineData(0, 1, 0, 0, "0 inserted, 0 updated, 0 deleted, 10 unchanged of 10, then 08:31")] // all of the removed rows were gone
    [InlineData(0, 0, 2, 0, "0 inserted, 0 updated, 2 deleted, 10 unchanged of 10, then in full")] // no row is left that could hold the time
    [InlineData(0, 1, 0, 2, "sent 2, the server counted 1 (rows inserted or updated)")]
    [InlineData(0, 3, 0, 2, "sent 2, the server counted 3 (rows inserted or updated)")]
    [InlineData(0, 0, 1, 2, "sent 2, the server counted 0 (rows inserted or updated)")]
    public void The_counts_of_a_job_decide_the_result_and_the_next_basis(int inserted, int updated, int deleted, int written, string expected)
    {
        var result = Plan.Conclude(new JobState.Done(inserted, updated, deleted, 0), written, written > 0 ? Read : SnapshotCounts.Zero);
        Assert.Equal(expected, result.Match(Said, lost => lost.Why));
    }

    [Fact]
    public void A_snapshot_that_is_incomplete_is_no_basis_of_the_next_difference() => Assert.Equal(
        "1 inserted, 0 updated, 0 deleted, 9 unchanged of 10, then in full",
        Plan.Conclude(new JobState.Done(1, 0, 0, 0), 1, Read with { IsComplete = false }).Match(Said, lost => lost.Why));

    [Fact]
    public void A_difference_is_refused_where_it_would_not_do_what_the_sink_asks_for()
    {
        string Why(ExportPlan plan, Fence? basis = null) => DeltaPlan.Of(plan, basis ?? Basis).Match(_ => "", lost => lost.Why);
        Assert.Equal("", Why(Export));
        Assert.Equal("`acme-prod`.`inventory`.`items` is missing", Why(Export with { CreatedMs = 0 }));
        Assert.Equal("the snapshot is not newer than the one that it is based on", Why(Export, new Fence(Export.Header.ExportedAt, "")));
        Assert.Equal(
            "`acme-prod`.`inventory`.`items` deletes partitions, so that every row needs a new time",
            Why(Export with { PartitionLifetime = TimeSpan.FromDays(60) }));
    }

    [Fact]
    public void More_than_one_request_takes_and_an_item_without_identity_need_an_export_in_full()
    {
        var rows = new SourceRows();
        Assert.True(Plan.Objection(rows, SnapshotCounts.Zero).IsNone);
        Assert.Equal(
            "an item without identity may stand for any row",
            Plan.Objection(rows, SnapshotCounts.Zero with { Unidentified = 1 }).Match(lost => lost.Why, () => ""));
        rows.Add(new Row("deployments", "big", "", Encoding.UTF8.GetBytes($"\"{new string('x', Limits.MaxRequestBytes)}\""), 0));
        Assert.Equal(
            "the changes have 9,000,126 bytes, and one request takes 9,000,000", Plan.Objection(rows, SnapshotCounts.Zero).Match(lost => lost.Why, () => ""));
    }

    [Fact]
    public void The_id_of_a_job_includes_the_basis()
    {
        var rows = "[]"u8.ToArray();
        string[] ids =
        [
            Plan.Job(rows, 0).Id,
            Plan.Job(rows, 1).Id,
            Plan.Job("[1]"u8.ToArray(), 0).Id,
            (Plan with { Basis = Basis with { ExportedAt = Monday.AddMilliseconds(-1) } }).Job(rows, 0).Id,
            Export.Job(rows, 0).Id,
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[0], (Plan with { Basis = Basis with { Checksum = "unknown to the table" } }).Job(rows, 0).Id);
    }

    [Theory]
    [InlineData(3, 0, 0, 3, "")]
    [InlineData(3, 0, 1, 3, "")] // the rejected item has its old row
    [InlineData(2, 0, 1, 3, "")] // and here it has none
    [InlineData(2, 0, 0, 3, "rows were added or removed by another writer: there are 2, and the snapshot has 3 items")]
    [InlineData(4, 0, 1, 3, "rows were added or removed by another writer: there are 4, and the snapshot has 3 items")]
    [InlineData(3, 1, 0, 3, "the newest row of the scope is not of 2026-11-23T08:30:00.000Z")]
    public void A_look_compares_the_number_of_rows_and_the_newest_time(int rows, int minutes, int rejected, int items, string expected) => Assert.Equal(
        expected,
        new ScopeLook(rows, Monday.AddMinutes(minutes)).Objection(Basis, items, rejected).Match(lost => lost.Why, () => ""));

    private static string Said(ExportResult result)
    {
        var exported = Assert.IsType<ExportResult.Exported>(result);
        var it = exported.Outcome;
        return $"{it.Inserted} inserted, {it.Updated} updated, {it.Deleted} deleted, {it.Unchanged} unchanged of {it.Items}, "
            + $"then {exported.Fence.Match(fence => $"{fence.ExportedAt:HH:mm}", () => "in full")}";
    }
}
