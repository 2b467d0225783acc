using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.BigQuery;

/// <summary>Differences and looks: their requests in the server's log, and their fence.</summary>
public sealed class DifferenceTests
{
    private const string Jobs = "jobs.insert";

    [Theory]
    [InlineData("a=1 b=2", "a=1 b=3", 0, 1, 0, 1)]
    [InlineData("a=1 b=2", "a=1 b=2 c=3", 1, 0, 0, 2)]
    [InlineData("a=1 b=2", "a=1", 0, 0, 1, 1)]
    [InlineData("a=1 b=2 c=3", "b=4 d=5", 1, 1, 2, 0)]
    [InlineData("a=1", "", 0, 0, 1, 0)]
    [InlineData("a=1", "a=1", 0, 0, 0, 1)]
    public async Task A_difference_is_one_request_that_writes_what_changed(string before, string after, int inserted, int updated, int deleted, int unchanged)
    {
        await using var mirror = await StartAsync();
        await using var keeper = await KeptAsync(mirror, before);
        var requests = (await mirror.Server.LogAsync()).Count;
        keeper.Set(after);
        var outcome = SnapshotKeeper.Outcome(await keeper.ChangeAsync());
        Assert.Equal((inserted, updated, deleted, unchanged), (outcome.Inserted, outcome.Updated, outcome.Deleted, outcome.Unchanged));
        var request = Assert.Single((await LogAsync(mirror)).Skip(requests), it => it.Resource != "jobs.get");
        Assert.Equal(after, await mirror.RowsAsync());
        Assert.Equal(before == after ? "jobs.query" : Jobs, request.Resource);
        Assert.Equal(after == "", keeper.Fence.IsNone); // no row is left that could hold the time
    }

    [Fact]
    public async Task A_difference_that_only_removes_gives_one_other_row_the_time()
    {
        await using var mirror = await StartAsync();
        var clock = new SnapshotKeeper.Clock();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2 c=3", clock);
        keeper.Set("a=1 b=4 c=3");
        await keeper.ChangeAsync(); // the newest row is b
        await using var other = new SnapshotKeeper(mirror, clock) { Fence = keeper.Fence };
        keeper.Set("b=4 c=3");
        await keeper.ChangeAsync();
        Assert.Equal(
            ["b 3", "c 1"], (await mirror.StoredAsync()).Select(row => $"{row.SourceUid} {(row.ExportedAt - Mirror.Monday).TotalMinutes}").Order());
        other.Set("a=9");
        Assert.Contains("the newest row of the scope is not of", Lost(await other.ChangeAsync()), StringComparison.Ordinal);
        Assert.Equal("b=4 c=3", await mirror.RowsAsync());
    }

    [Theory]
    [InlineData("""{"on":"jobs.insert","times":1,"drop":"after"}""")]
    [InlineData("""{"on":"jobs.insert","times":1,"drop":"before"}""")]
    [InlineData("""{"on":"job-result","times":1,"status":400,"reason":"jobBackendError","message":"The job encountered an error during execution"}""")]
    public async Task A_job_that_was_lost_or_failed_for_a_time_is_found_or_runs_again(string fault)
    {
        await using var mirror = await StartAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        await mirror.Server.FaultsAsync($"[{fault}]");
        keeper.Set("b=3 c=4");
        var outcome = SnapshotKeeper.Outcome(await keeper.ChangeAsync());
        Assert.Equal((1, 1, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal("b=3 c=4", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_repeated_difference_finds_its_job_while_the_rows_are_unchanged()
    {
        await using var mirror = await StartAsync();
        var clock = new SnapshotKeeper.Clock();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2", clock);
        await using var restarted = new SnapshotKeeper(mirror, new SnapshotKeeper.Clock { Minutes = clock.Minutes }) { Fence = keeper.Fence };
        keeper.Set("a=9 b=8");
        SnapshotKeeper.Outcome(await keeper.ChangeAsync());
        restarted.Set("a=9 b=8");
        var outcome = SnapshotKeeper.Outcome(await restarted.ChangeAsync()); // the fence alone would refuse it
        Assert.Equal((0, 2), (outcome.Inserted, outcome.Updated));
        Assert.Equal(keeper.Fence, restarted.Fence);
        Assert.Equal("a=9 b=8", await mirror.RowsAsync());
    }

    /// <summary>
    /// BigQuery, "Quotas and limits": a query request has at most 10 MB, a row of a load job 100 MB. As many values, or a single one, and the largest one
    /// that is not rejected, of characters that JSON escapes.
    /// </summary>
    [Theory]
    [InlineData(95, 100_000, "x", "x")]
    [InlineData(1, 9_100_000, "x", "x")]
    [InlineData(1, (31 << 20) / 2, "\\n", "\n")]
    public async Task More_than_one_request_takes_is_exported_in_full_through_a_staging_table(int count, int length, string escaped, string character)
    {
        await using var mirror = await StartAsync();
        await using var keeper = await KeptAsync(mirror, "a=1");
        for (var i = 0; i < count; i++)
            keeper.Put($"u{i}", string.Concat(Enumerable.Repeat(escaped, length)));
        Assert.Contains("one request takes 9,000,000", Lost(await keeper.ChangeAsync()), StringComparison.Ordinal);
        Assert.Equal("a=1", await mirror.RowsAsync());
        Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());
        Assert.Contains(await LogAsync(mirror), it => it is { Resource: Jobs, Kind: "LOAD" });
        var stored = await mirror.StoredAsync();
        Assert.Equal(count + 1, stored.Count);
        var value = string.Concat(Enumerable.Repeat(character, length));
        Assert.All(stored.Where(row => row.SourceUid != "a"), row => Assert.True(Mirror.ValueOf(row) == value, row.SourceUid));
    }

    [Fact]
    public async Task The_limit_of_billed_bytes_holds_for_differences_and_looks()
    {
        await using var mirror = await StartAsync();
        await using var keeper = await KeptAsync(mirror, "a=1");
        await using var limited = new SnapshotKeeper(mirror with { Options = HashMap(("maximum_bytes_billed", "1")) }, new SnapshotKeeper.Clock { Minutes = 5 })
        {
            Fence = keeper.Fence,
        };
        limited.Set("a=2");
        foreach (var result in new[] { await limited.ChangeAsync(), await limited.RepairAsync() })
        {
            var failed = Assert.IsType<ExportResult.Failed>(result.Match(it => it, lost => throw new InvalidOperationException(lost.Why)));
            Assert.Contains("options.maximum_bytes_billed", Assert.IsType<Failure.Refused>(failed.Failure).Message, StringComparison.Ordinal);
        }

        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_look_is_one_query_that_reads_no_payload_and_writes_nothing()
    {
        await using var mirror = await StartAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        var (requests, fence) = ((await LogAsync(mirror)).Count, keeper.Fence);
        var outcome = SnapshotKeeper.Outcome(await keeper.RepairAsync());
        Assert.Equal((2, 0, 0, 2, 0), (outcome.Items, outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
        Assert.Equal(fence, keeper.Fence);
        var query = Assert.Single((await LogAsync(mirror)).Skip(requests));
        Assert.Equal("jobs.query", query.Resource);
        Assert.DoesNotContain("payload", query.Statement!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_another_client_adds_is_seen_by_the_next_look()
    {
        await using var mirror = await StartAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        await mirror.InsertAsync("x");
        Assert.Contains("rows were added or removed by another writer", Lost(await keeper.RepairAsync()), StringComparison.Ordinal);
        await keeper.ExportAsync();
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    private static async Task<BigQueryMirror> StartAsync() => await BigQueryMirror.CreateOwnAsync("a log of requests and fault switches");

    /// <summary>The connection of an export that creates the table is not kept, so the table is created first.</summary>
    private static async Task<SnapshotKeeper> KeptAsync(Mirror mirror, string snapshot, SnapshotKeeper.Clock? clock = null)
    {
        if (clock is null or { Minutes: 0 })
            await mirror.ExportedAsync(Mirror.Items(snapshot));
        var keeper = new SnapshotKeeper(mirror, clock ?? new SnapshotKeeper.Clock());
        keeper.Set(snapshot);
        Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());
        return keeper;
    }

    private static async Task<IReadOnlyList<BigQueryRequest>> LogAsync(BigQueryMirror mirror) => await mirror.Server.LogAsync();

    private static string Lost(Either<BasisLost, ExportResult> result) => result.Match(it => $"not lost: {it}", lost => lost.Why);
}
