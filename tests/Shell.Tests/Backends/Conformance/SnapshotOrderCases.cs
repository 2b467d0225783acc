using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Models.V1Alpha1;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>The guarantees of every backend about snapshots that arrive late or at once: the newest one stays.</summary>
public abstract class SnapshotOrderCases : SequenceCases
{
    [Theory, MemberData(Both)]
    public async Task An_older_snapshot_is_superseded_and_writes_nothing(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        var result = await mirror.ExportAsync(Mirror.Items("a=0 z=0"), at: -1);
        Assert.Equal(new ExportResult.Superseded(Mirror.Monday.AddMinutes(-1), Mirror.Monday), result);
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task An_older_empty_snapshot_is_superseded(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync([], at: -1));
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task A_snapshot_of_the_same_time_replaces_the_rows(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        await mirror.ExportedAsync(Mirror.Items("b=3"));
        Assert.Equal("b=3", await mirror.RowsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task Eight_concurrent_exports_end_in_the_newest_snapshot(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => mirror.ExportAsync(Mirror.Many(300 + i, $"{i}"), at: i)));
        Assert.All(results, result => Assert.True(result is ExportResult.Exported or ExportResult.Superseded, $"{result}"));
        var rows = await mirror.StoredAsync();
        Assert.All(rows, row => Assert.Equal("8", Mirror.ValueOf(row)));
        Assert.Equal(308, rows.Count);
    }

    [Theory, MemberData(Both)]
    public async Task Eight_concurrent_exports_of_different_rows_end_in_the_newest_snapshot(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => mirror.ExportAsync(Mirror.Many(100, $"{i}", prefix: $"{i}-"), at: i)));
        Assert.All(results, result => Assert.True(result is ExportResult.Exported or ExportResult.Superseded, $"{result}"));
        var rows = await mirror.StoredAsync();
        Assert.All(rows, row => Assert.Equal("8", Mirror.ValueOf(row)));
        Assert.Equal(100, rows.Count);
    }

    [Theory, MemberData(Both)]
    public async Task Concurrent_exports_that_skip_unchanged_rows_end_in_one_snapshot_or_fail_as_transient(KollectDatabaseSinkMode mode)
    {
        var mirror = await StartAsync(mode, "a=1", skipUnchanged: true);
        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => mirror.ExportAsync(
            Mirror.Many(50, "same").Concat(Mirror.Many(50, $"{i}", prefix: $"{i}-")), at: i)));
        if (mirror.Differs(Difference.OvertakenHalfway))
            Assert.All(results, result => Assert.True(
                result is ExportResult.Exported or ExportResult.Superseded or ExportResult.Failed { Failure: Failure.TryLater }, $"{result}"));
        else
            Assert.All(results, result => Assert.True(result is ExportResult.Exported or ExportResult.Superseded, $"{result}"));
        if (results.Any(result => result is ExportResult.Failed))
            await mirror.ExportedAsync(Mirror.Many(50, "same").Concat(Mirror.Many(50, "8", prefix: "8-")), at: 9);
        var rows = await mirror.StoredAsync();
        Assert.All(rows, row => Assert.Equal(row.SourceUid[0] == 'u' ? "same" : "8", Mirror.ValueOf(row)));
        Assert.Equal(100, rows.Count);
    }

    [Fact]
    public async Task Eight_concurrent_first_exports_create_one_table()
    {
        var mirror = await CreateAsync();
        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => mirror.ExportAsync(Mirror.Items($"a={i}"), inventory: $"i{i}")));
        Assert.All(results, result => Assert.IsType<ExportResult.Exported>(result));
        Assert.Equal(8, (await mirror.StoredAsync()).Count);
    }
}
