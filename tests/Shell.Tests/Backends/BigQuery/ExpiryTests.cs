using System.Text.Json.Nodes;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.BigQuery;

/// <summary>Tables and partitions that the service deletes by itself, and live rows with them.</summary>
public sealed class ExpiryTests(SharedBigQuery shared) : IClassFixture<SharedBigQuery>
{
    private const string SixtyDays = "5184000000";

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Fact]
    public async Task Partitions_that_expire_are_a_warning_where_each_export_renews_its_rows()
    {
        var mirror = await PartitionedAsync();
        Assert.Contains(
            await CheckedAsync(mirror),
            line => line.StartsWith("warning: partitions of ", StringComparison.Ordinal) && line.Contains("deleted after 60 days", StringComparison.Ordinal));
        Assert.Equal("Exported", await ExportAsync(mirror, Now));
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_snapshot_older_than_the_partitions_live_is_refused()
    {
        var mirror = await PartitionedAsync();
        var refused = await ExportAsync(mirror, Now.AddDays(-61));
        Assert.Contains("deletes partitions after 60 days: its rows would vanish at once", refused, StringComparison.Ordinal);
        Assert.Equal("Exported", await ExportAsync(mirror, Now.AddDays(-59)));
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Partitions_that_expire_are_a_gap_where_equal_rows_stay_in_theirs()
    {
        var mirror = await PartitionedAsync() with { SkipUnchanged = true };
        Assert.Contains("live rows that an export leaves alone vanish", await ExportAsync(mirror, Now), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("defaultTableExpirationMs", false, "deletes tables after 60 days")]
    [InlineData("defaultPartitionExpirationMs", true, "deletes partitions after 60 days")]
    [InlineData("defaultPartitionExpirationMs", false, null)]
    public async Task So_is_a_dataset_that_gives_a_new_table_such_a_life(string name, bool skipUnchanged, string? says)
    {
        var server = await shared.ServerAsync;
        var dataset = await server.CreateDatasetAsync((name, SixtyDays));
        var mirror = await BigQueryMirror.OverAsync(server) with { Dataset = dataset, SkipUnchanged = skipUnchanged };
        Assert.Contains(says ?? "Exported", await ExportAsync(mirror, Now), StringComparison.Ordinal);
        Assert.Equal(says is null ? "a=1" : "", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_dataset_that_compares_ignoring_case_is_a_gap()
    {
        var server = await shared.ServerAsync;
        var mirror = await BigQueryMirror.OverAsync(server) with { Dataset = await server.CreateDatasetAsync(("defaultCollation", "und:ci")) };
        Assert.Contains("SET DEFAULT COLLATE ''", await ExportAsync(mirror, Now), StringComparison.Ordinal);
    }

    private async Task<BigQueryMirror> PartitionedAsync()
    {
        var mirror = await BigQueryMirror.OverAsync(await shared.ServerAsync);
        await mirror.CreateTableAsync(
            BigQueryMirror.Columns(),
            ("timePartitioning", new JsonObject { ["type"] = "DAY", ["field"] = "exported_at", ["expirationMs"] = SixtyDays }));
        return mirror;
    }

    private static async Task<Seq<string>> CheckedAsync(BigQueryMirror mirror)
    {
        await using var destination = mirror.Open();
        return Assert.IsType<ProbeResult.Succeeded>(await destination.ProbeAsync(TestContext.Current.CancellationToken)).Checked;
    }

    private static async Task<string> ExportAsync(BigQueryMirror mirror, DateTimeOffset at)
    {
        await using var destination = mirror.Open();
        var header = new SnapshotHeader(new Scope("platform", "all", "east"), Envelope.WholeMilliseconds(at), None);
        var result = await destination.ExportAsync(
            header, Mirror.Items("a=1").ToAsyncEnumerable(), dryRun: false, progress: null, TestContext.Current.CancellationToken);
        return result is ExportResult.Failed { Failure: Failure.Refused refused }
            ? refused.Message + string.Concat(refused.Gaps.Map(gap => gap.Remedy))
            : result.GetType().Name;
    }
}
