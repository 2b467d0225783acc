using Kollect.Core.Exports;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>
/// The guarantees of every backend about rows without an item: after an incomplete snapshot they stay, and orphaned rows of an
/// inventory are removed.
/// </summary>
public abstract class StaleRowCases
{
    private protected const string Both = nameof(Modes);

    /// <summary>PostgreSQL writes in batches in mode existing, and through a staging table in mode ensure.</summary>
    public static TheoryData<KollectDatabaseSinkMode> Modes { get; } = [KollectDatabaseSinkMode.Ensure, KollectDatabaseSinkMode.Existing];

    private protected abstract Task<Mirror> CreateAsync();

    /// <summary>A destination on a private server, which the test may stop.</summary>
    private protected abstract Task<Mirror> CreateOwnAsync();

    private protected async Task<Mirror> StartAsync(KollectDatabaseSinkMode mode, string items, bool skipUnchanged = false)
    {
        var mirror = await CreateAsync();
        await mirror.ExportedAsync(Mirror.Items(items));
        return mirror with { Mode = mode, SkipUnchanged = skipUnchanged };
    }

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure, false)]
    [InlineData(KollectDatabaseSinkMode.Existing, false)]
    [InlineData(KollectDatabaseSinkMode.Ensure, true)]
    [InlineData(KollectDatabaseSinkMode.Existing, true)]
    public async Task An_incomplete_snapshot_writes_its_rows_and_the_next_complete_one_deletes(KollectDatabaseSinkMode mode, bool skipUnchanged)
    {
        var mirror = await StartAsync(mode, "a=1 b=2 c=3", skipUnchanged);
        var incomplete = await mirror.ExportedAsync(Mirror.Items("b=9 d=4"), at: 1, isComplete: false);
        Assert.Equal((2, 1, 0, true), (incomplete.Items, incomplete.Inserted, incomplete.Deleted, incomplete.StaleKept));
        Assert.Equal("a=1 b=9 c=3 d=4", await mirror.RowsAsync());
        Assert.Equal(Mirror.Monday, (await mirror.StoredAsync()).Single(row => row.SourceUid == "c").ExportedAt);
        var complete = await mirror.ExportedAsync(Mirror.Items("b=9 d=4"), at: 2);
        Assert.Equal((0, 2, false), (complete.Inserted, complete.Deleted, complete.StaleKept));
        Assert.Equal("b=9 d=4", await mirror.RowsAsync());
    }

    [Fact]
    public async Task An_empty_incomplete_snapshot_changes_nothing_and_a_late_one_is_superseded()
    {
        var mirror = await StartAsync(KollectDatabaseSinkMode.Ensure, "a=1 b=2");
        var outcome = await mirror.ExportedAsync([], at: 1, isComplete: false);
        Assert.Equal((0, 0), (outcome.Items, outcome.Deleted));
        await mirror.ExportedAsync(Mirror.Items("a=1 b=3"), at: 3);
        Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("a=9"), at: 2, isComplete: false));
        Assert.Equal("a=1 b=3", await mirror.RowsAsync());
    }

    /// <summary>Another client writes after the state of the scope was read, and after the last item was.</summary>
    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure, false)]
    [InlineData(KollectDatabaseSinkMode.Existing, false)]
    [InlineData(KollectDatabaseSinkMode.Ensure, true)]
    [InlineData(KollectDatabaseSinkMode.Existing, true)]
    public async Task Rows_that_another_client_adds_during_an_export_are_stale(KollectDatabaseSinkMode mode, bool skipUnchanged)
    {
        foreach (var (before, items) in new[] { ("", "a=1 b=2"), ("a=1 b=2", "a=1 b=2"), ("a=1 b=2", "a=1 c=3"), ("a=1 b=2", ""), ("", "a=1 b=2 a=3") })
        {
            var mirror = await StartAsync(mode, before, skipUnchanged);
            async IAsyncEnumerable<RowOrRejection> Meanwhile()
            {
                foreach (var item in Mirror.Items(items))
                    yield return item;
                await mirror.InsertAsync("x");
                await mirror.InsertAsync("y");
            }

            var outcome = Assert.IsType<ExportResult.Exported>(await mirror.ExportAsync(Meanwhile(), at: 1)).Outcome;
            Assert.Equal(items == "a=1 b=2 a=3" ? "a=3 b=2" : items, await mirror.RowsAsync());
            Assert.True(outcome.Deleted >= 2, $"{outcome}");
        }
    }

    /// <summary>A time before the year 1 was a defect for ever, as one after 9999.</summary>
    [Theory, MemberData(Both)]
    public async Task Rows_of_a_time_before_the_year_1_are_replaced(KollectDatabaseSinkMode mode)
    {
        foreach (var skipUnchanged in new[] { false, true })
        {
            var mirror = await StartAsync(mode, "a=1", skipUnchanged);
            foreach (var (time, index) in mirror.FarTimes.Past.AsEnumerable().Select((time, index) => (time, index)))
                await mirror.InsertAsync($"far{index}", time);
            await mirror.ExportedAsync(Mirror.Items("a=1 far0=2"), at: 1);
            Assert.Equal("a=1 far0=2", await mirror.RowsAsync());
        }
    }

    [Theory, MemberData(Both)]
    public async Task Rows_of_a_time_far_ahead_supersede_and_a_removal_deletes_them(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        foreach (var time in mirror.FarTimes.Future)
        {
            await mirror.InsertAsync("far", time);
            var superseded = Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("a=2"), at: 1));
            Assert.InRange(superseded.Held.Year, 2999, 9999);
            Assert.Contains("that time lies in the future", ExportReport.Of(superseded, Mirror.Monday).Message, StringComparison.Ordinal);
            Assert.Equal((time, new RemovalResult.Removed(time == mirror.FarTimes.Future.Head ? 2 : 1)), (time, await mirror.RemovedAsync(at: 1)));
            Assert.Equal("", await mirror.RowsAsync());
        }
    }

    [Fact]
    public async Task A_removal_deletes_the_rows_of_one_scope_only()
    {
        var mirror = await StartAsync(KollectDatabaseSinkMode.Ensure, "a=1 b=2");
        await mirror.ExportedAsync(Mirror.Items("a=1"), inventory: "other");
        await mirror.ExportedAsync(Mirror.Items("c=1"), cluster: "west", inventory: "third");
        Assert.Equal(new RemovalResult.Removed(2), await mirror.RemovedAsync(at: 1));
        Assert.Equal("a=1/other c=1/third@west", await mirror.RowsAsync());
        Assert.Equal(new RemovalResult.Removed(0), await mirror.RemovedAsync(at: 2));
    }

    [Fact]
    public async Task A_removal_includes_rows_newer_than_the_clock()
    {
        var mirror = await CreateAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2"), at: 60);
        Assert.Equal(new RemovalResult.Removed(2), await mirror.RemovedAsync(at: 0));
        Assert.Equal("", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_removal_without_a_table_creates_nothing()
    {
        var mirror = await CreateAsync();
        Assert.Equal(new RemovalResult.Removed(0), await mirror.RemovedAsync(at: 1));
        await using var destination = mirror.Open();
        Assert.False(Assert.IsType<PlanResult.Planned>(await destination.PlanAsync(TestContext.Current.CancellationToken)).Exists);
    }

    [Fact]
    public async Task A_removal_that_cannot_connect_reports_the_failure()
    {
        var mirror = (await StartAsync(KollectDatabaseSinkMode.Ensure, "a=1")).WithClosedPort();
        Assert.Contains("connect: ", Assert.IsType<RemovalResult.Failed>(await mirror.RemovedAsync(at: 1)).Why, StringComparison.Ordinal);
    }
}
