using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Shell.Tests.Backends.Conformance;
using Npgsql;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>Differences on a real server: other sessions write, lock, end the connection and add triggers meanwhile.</summary>
public sealed class DifferenceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_that_did_not_change_keep_their_time_and_the_ledger_counts_the_rows()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2 c=3");
        keeper.Set("a=1 b=3 d=4");
        var outcome = await ChangedAsync(keeper);
        Assert.Equal((3, 1, 1, 1, 1), (outcome.Items, outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
        Assert.Equal(
            ["a 1", "b 2", "d 2"],
            (await mirror.StoredAsync()).Select(row => $"{row.SourceUid} {(row.ExportedAt - Mirror.Monday).TotalMinutes}").Order());
        Assert.Equal(
            (2L, 3L, 3L, "tests"),
            (await mirror.Database.RowsAsync(
                "SELECT count(*) OVER (), rows, items, exporter FROM kollect_exports ORDER BY exported_at DESC",
                row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3)))).First());
    }

    /// <summary>Each export of the test is a minute later than the one before.</summary>
    [Fact]
    public async Task Differences_that_keep_coming_leave_one_entry_for_each_hour_before_the_last_and_looks_stay_exact()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=0 b=0");
        for (var i = 1; i <= 150; i++)
            await ChangedAsync(keeper, $"a={i} b=0");
        Assert.InRange(await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM kollect_exports"), 1, 66); // the last hour, and one of each before

        await mirror.Database.ExecuteAsync("UPDATE inventory_items SET payload = '{\"value\": \"foreign\"}' WHERE source_uid = 'b'");
        Assert.Equal(1, (await RepairedAsync(keeper)).Updated);
        Assert.Equal(0, (await RepairedAsync(keeper)).Updated);
        await ChangedAsync(keeper, "a=x b=0");
        await ChangedAsync(keeper, "a=y b=0");
        Assert.Equal(
            (153L, 2L, true),
            (await mirror.Database.RowsAsync(
                "SELECT sum(updated)::bigint, sum(inserted)::bigint, count(*) <= 66 FROM kollect_exports",
                row => (row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2)))).Single());
        Assert.Equal(0, (await RepairedAsync(keeper)).Updated);
        Assert.Equal("a=y b=0", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Nothing_is_left_in_the_session_and_the_connection_stays_until_its_destination_is_disposed()
    {
        var mirror = await MirrorAsync();
        await using (var keeper = await KeptAsync(mirror, "a=1"))
        {
            await ChangedAsync(keeper, "a=2");
            var kept = await ConnectionsAsync(mirror);
            await ChangedAsync(keeper, "a=3");
            Assert.Equal(kept, await ConnectionsAsync(mirror));
            Assert.Single(kept);
        }

        await Eventually.HoldsAsync(async () => (await ConnectionsAsync(mirror)).Count == 0);
    }

    [Fact]
    public async Task A_connection_that_the_server_has_closed_is_replaced()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1");
        for (var i = 2; i < 5; i++)
        {
            await EndConnectionsAsync(mirror);
            await ChangedAsync(keeper, $"a={i}");
            await EndConnectionsAsync(mirror);
            await RepairedAsync(keeper);
            Assert.Equal($"a={i}", await mirror.RowsAsync());
            Assert.Single(await ConnectionsAsync(mirror));
        }
    }

    /// <summary>An exporter without a ledger, which the fence does not show.</summary>
    [Fact]
    public async Task A_row_of_a_newer_snapshot_is_not_overwritten()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        await mirror.Database.ExecuteAsync(
            """UPDATE inventory_items SET payload = '{"value": "newer"}', exported_at = '2026-11-24' WHERE source_uid = 'a'""");
        keeper.Set("a=3 b=4");
        Assert.Contains("sent 2, the server counted 1", Lost(await keeper.ChangeAsync()), StringComparison.Ordinal);
        Assert.Contains("the table holds rows of 2026-11-24", Lost(await keeper.RepairAsync()), StringComparison.Ordinal);
        Assert.Equal("a=newer b=2", await mirror.RowsAsync());
        Assert.IsType<ExportResult.Superseded>(await keeper.ExportAsync());
    }

    [Fact]
    public async Task A_row_under_another_cluster_label_is_adopted()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1");
        await mirror.ExportedAsync(Mirror.Items("b=7 c=8"), at: 1, cluster: "west");
        keeper.Set("a=1 b=7");
        var outcome = await ChangedAsync(keeper);
        Assert.Equal((0, 0, 1), (outcome.Inserted, outcome.Updated, outcome.Adopted));
        Assert.Equal("a=1 b=7 c=8@west", await mirror.RowsAsync());
    }

    [Fact]
    public async Task An_exporter_that_holds_the_lock_is_named()
    {
        var mirror = await MirrorAsync() with { Options = HashMap(("lock_timeout", "200")) };
        await using var keeper = await KeptAsync(mirror, "a=1");
        keeper.Set("a=2");
        var name = new ExportStatements(new TableName("public", "inventory_items")).LockName(new("platform", "all", "east"));
        await using var holder = new NpgsqlConnection(mirror.Database.ConnectionString() + ";Application Name=reports;Pooling=false");
        await holder.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand($"BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('{name}', 0))", holder);
        await command.ExecuteNonQueryAsync(Cancel);
        foreach (var result in new[] { await keeper.ChangeAsync(), await keeper.RepairAsync() })
        {
            var failed = Assert.IsType<ExportResult.Failed>(result.Match(it => it, lost => throw new InvalidOperationException(lost.Why)));
            Assert.Contains($"held by pid {holder.ProcessID} (reports, for ", failed.Failure.Message, StringComparison.Ordinal);
        }

        await holder.CloseAsync();
        await ChangedAsync(keeper);
        Assert.Equal("a=2", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_trigger_that_came_after_the_table_was_observed_makes_it_an_export_in_full()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1");
        await ChangedAsync(keeper, "a=2");
        await mirror.Database.ExecuteAsync(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            + "CREATE TRIGGER notes AFTER UPDATE ON inventory_items FOR EACH ROW EXECUTE FUNCTION note()");
        keeper.Set("a=3");
        Assert.Contains("a trigger", Lost(await keeper.ChangeAsync()), StringComparison.Ordinal);
        Assert.Equal("a=2", await mirror.RowsAsync());
        await keeper.ExportAsync();
        keeper.Set("a=4");
        Assert.Contains("triggers run", Lost(await keeper.ChangeAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_difference_is_several_batches_and_beyond_the_limits_an_export_in_full()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1");
        for (var i = 0; i < 2_500; i++)
            keeper.Put($"u{i:D5}", "1");
        Assert.Equal(2_500, (await ChangedAsync(keeper)).Inserted);
        for (var i = 0; i < 2_500; i++)
            keeper.Remove($"u{i:D5}");
        Assert.Equal(2_500, (await ChangedAsync(keeper)).Deleted);
        Assert.Equal("a=1", await mirror.RowsAsync());
        for (var i = 0; i <= DeltaPlan.MostItems; i++)
            keeper.Put($"u{i:D5}", "1");
        Assert.Contains("beyond 10,000 items or 16 MiB", Lost(await keeper.ChangeAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_that_hold_other_rows_at_the_same_place_keep_them()
    {
        var mirror = await MirrorAsync();
        await mirror.ExportedAsync(Mirror.Items("z=1"), at: -1);
        await mirror.Database.ExecuteAsync(
            """
            ALTER TABLE inventory_items RENAME TO plain;
            CREATE TABLE inventory_items (LIKE plain INCLUDING ALL) PARTITION BY HASH (source_uid);
            CREATE TABLE p0 PARTITION OF inventory_items FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE p1 PARTITION OF inventory_items FOR VALUES WITH (MODULUS 2, REMAINDER 1);
            """);
        await using var keeper = await KeptAsync(mirror, string.Join(' ', Enumerable.Range(10, 80).Select(i => $"u{i}=1")));
        for (var i = 10; i < 90; i += 3)
            keeper.Remove($"u{i}");
        keeper.Put("u11", "2");
        keeper.Put("v", "1");
        var outcome = await ChangedAsync(keeper);
        Assert.Equal((1, 1, 27), (outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal(keeper.Rows, await mirror.RowsAsync());
        await mirror.Database.ExecuteAsync("UPDATE inventory_items SET payload = '{}' WHERE source_uid = 'u12'");
        Assert.Equal(1, (await RepairedAsync(keeper)).Updated);
        Assert.Equal(keeper.Rows, await mirror.RowsAsync());
    }

    private static async Task<PostgresMirror> MirrorAsync() => await PostgresMirror.CreateAsync() with { SkipUnchanged = None };

    private static async Task<SnapshotKeeper> KeptAsync(Mirror mirror, string snapshot)
    {
        var keeper = new SnapshotKeeper(mirror, new SnapshotKeeper.Clock());
        keeper.Set(snapshot);
        Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());
        return keeper;
    }

    private static async Task<ExportOutcome> ChangedAsync(SnapshotKeeper keeper) => SnapshotKeeper.Outcome(await keeper.ChangeAsync());

    private static async Task<ExportOutcome> RepairedAsync(SnapshotKeeper keeper) => SnapshotKeeper.Outcome(await keeper.RepairAsync());

    private static async Task ChangedAsync(SnapshotKeeper keeper, string snapshot)
    {
        keeper.Set(snapshot);
        await ChangedAsync(keeper);
    }

    private static async Task EndConnectionsAsync(PostgresMirror mirror)
    {
        await mirror.Database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kollect' AND datname = current_database()");
        await Eventually.HoldsAsync(async () => (await ConnectionsAsync(mirror)).Count == 0);
    }

    private static string Lost(Either<BasisLost, ExportResult> result) => result.Match(it => $"not lost: {it}", lost => lost.Why);

    private static Task<IReadOnlyList<int>> ConnectionsAsync(PostgresMirror mirror) => mirror.Database.RowsAsync(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'kollect' AND datname = current_database()", row => row.GetInt32(0));
}
