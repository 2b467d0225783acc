using Kollect.Core.Exports;
using Kollect.Core.Rows;
using Kollect.Core.Sinks;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Tests.Postgres;

/// <summary>What every backend has to keep, over both ways in which rows are written.</summary>
public sealed class ConformanceTests
{
    /// <summary>Mode existing writes in batches, mode ensure through a staging table.</summary>
    public static TheoryData<ProvisioningMode> Modes { get; } = [ProvisioningMode.Ensure, ProvisioningMode.Existing];

    private static async Task<Mirror> StartAsync(ProvisioningMode mode, string items)
    {
        var mirror = await Mirror.CreateAsync();
        await mirror.ExportedAsync(Mirror.Items(items));
        return mirror with { Mode = mode };
    }

    [Fact]
    public async Task A_first_export_creates_the_table_and_inserts_every_row()
    {
        var mirror = await Mirror.CreateAsync();
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        Assert.Equal((2, 2, 0, 0), (outcome.Items, outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task An_identical_snapshot_moves_every_row_to_the_new_time(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=2"), at: 1);
        Assert.Equal((0, 2, 0, 0), (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
        Assert.Equal([Mirror.Monday.AddMinutes(1).UtcDateTime], await mirror.TimesAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task A_changed_and_reduced_snapshot_is_mirrored(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2 c=3") with { SkipUnchanged = true };
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=9 d=4"), at: 1);
        Assert.Equal((1, 1, 1, 1), (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
        Assert.Equal("a=1 b=9 d=4", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Skipping_unchanged_rows_rewrites_one_row_at_most_and_still_holds_the_guard(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2 c=3") with { SkipUnchanged = true };
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=2 c=3"), at: 2);
        Assert.Equal((0, 0, 3), (outcome.Inserted, outcome.Updated, outcome.Unchanged));
        Assert.Equal(1, await mirror.Database.ScalarAsync<long>($"SELECT count(*) FROM inventory_items WHERE exported_at > '{Mirror.Monday:O}'"));
        Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("a=0"), at: 1));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task An_empty_snapshot_clears_only_its_inventory_and_cluster(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        await mirror.ExportedAsync(Mirror.Items("b=1"), inventory: "other");
        await mirror.ExportedAsync(Mirror.Items("c=1"), cluster: "west");
        var outcome = await mirror.ExportedAsync([], at: 1);
        Assert.Equal(1, outcome.Deleted);
        Assert.Equal("c=1@west b=1/other", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task A_row_under_another_cluster_label_is_adopted(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 c=3"), cluster: "west");
        Assert.Equal((1, 1, 0, 0), (outcome.Inserted, outcome.Adopted, outcome.Updated, outcome.Deleted));
        Assert.Equal("b=2 a=1@west c=3@west", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Of_items_with_the_same_identity_the_last_wins(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=0");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=1 a=2 a=3"), at: 1);
        Assert.Equal((1, 1, 2), (outcome.Inserted, outcome.Updated, outcome.Duplicates));
        Assert.Equal("a=3 b=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Of_items_with_the_same_identity_the_last_wins_in_a_first_export_too()
    {
        var mirror = await Mirror.CreateAsync();
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=1 a=2 c=1 a=3"));
        Assert.Equal((3, 0, 2), (outcome.Inserted, outcome.Updated, outcome.Duplicates));
        Assert.Equal("a=3 b=1 c=1", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task The_same_identity_in_two_batches_is_counted_once(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=0");
        var outcome = await mirror.ExportedAsync(Mirror.Many(2_500, "1").Concat(Mirror.Many(2_500, "2")), at: 1);
        Assert.Equal((5_000, 2_500, 2_500, 1), (outcome.Items, outcome.Inserted, outcome.Duplicates, outcome.Deleted));
        Assert.Equal(2_500, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM inventory_items WHERE payload->>'value' = '2'"));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task A_rejected_item_keeps_its_old_row_while_the_rest_is_written(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var outcome = await mirror.ExportedAsync([Mirror.Rejected("a"), .. Mirror.Items("c=3"), Mirror.Rejected("new")], at: 1);
        Assert.Equal((3, 1, 1, 2), (outcome.Items, outcome.Inserted, outcome.Deleted, outcome.Rejected));
        Assert.Equal("Deployment shop/a: too large", outcome.Rejections.Head);
        Assert.Equal("a=1 c=3", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task An_older_snapshot_is_superseded_and_writes_nothing(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        var result = await mirror.ExportAsync(Mirror.Items("a=0 z=0"), at: -1);
        Assert.Equal(new ExportResult.Superseded(Mirror.Monday.AddMinutes(-1), Mirror.Monday), result);
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task A_snapshot_of_the_same_time_replaces_exactly(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        await mirror.ExportedAsync(Mirror.Items("b=3"));
        Assert.Equal("b=3", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task A_dry_run_tells_the_counts_and_changes_nothing(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var dry = Assert.IsType<ExportResult.DryRun>(await mirror.ExportAsync(Mirror.Items("a=5 c=3"), at: 1, dryRun: true));
        Assert.Equal((1, 1, 1), (dry.Outcome.Inserted, dry.Outcome.Updated, dry.Outcome.Deleted));
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Input_that_breaks_in_the_middle_changes_nothing(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1 b=2");
        var result = await mirror.ExportAsync(Broken(3_000), at: 1);
        Assert.Equal("input: broken", Assert.IsType<ExportResult.Failed>(result).Failure.Message);
        Assert.Equal("a=1 b=2", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_first_export_that_fails_leaves_not_even_the_table()
    {
        var mirror = await Mirror.CreateAsync();
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Broken(10)));
        Assert.Equal(0, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'inventory_items'"));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Eight_exporters_at_once_end_in_one_of_the_snapshots(ProvisioningMode mode)
    {
        var mirror = await StartAsync(mode, "a=1");
        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => mirror.ExportAsync(Mirror.Many(300 + i, $"{i}"), at: i)));
        Assert.All(results, result => Assert.True(result is ExportResult.Exported or ExportResult.Superseded, $"{result}"));
        var rows = await mirror.Database.RowsAsync(
            "SELECT payload->>'value', count(*) FROM inventory_items GROUP BY 1", row => (row.GetString(0), row.GetInt64(1)));
        Assert.Equal([("8", 308L)], rows);
    }

    [Fact]
    public async Task Eight_first_exporters_at_once_create_one_table()
    {
        var mirror = await Mirror.CreateAsync();
        var results = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => mirror.ExportAsync(Mirror.Items($"a={i}"), inventory: $"i{i}")));
        Assert.All(results, result => Assert.IsType<ExportResult.Exported>(result));
        Assert.Equal(8, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));
    }

    private static IEnumerable<RowOrRejection> Broken(int after)
    {
        foreach (var row in Mirror.Many(after, "new"))
            yield return row;
        throw new SnapshotException("input: broken");
    }
}
