using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Shell.Tests.Backends.Conformance;
using Npgsql;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>
/// What others do to the rows of a scope, in sessions that really run at the same time, is found at the next look and repaired; nothing else is written. The
/// facts about ids of transactions on which <see cref="RepairStatements"/> relies are shown here and in <see cref="LedgerStatementsTests"/>.
/// </summary>
public sealed class RepairTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE inventory_items SET payload = '{\"value\": \"x\"}' WHERE source_uid = 'a'", 0, 1, 0, 0)]
    [InlineData("UPDATE inventory_items SET payload = '{\"value\": \"x\"}', exported_at = '2026-11-01' WHERE source_uid IN ('a', 'c')", 0, 2, 0, 0)]
    [InlineData("UPDATE inventory_items SET resource_namespace = 'x' WHERE source_uid = 'b'", 0, 1, 0, 0)]
    [InlineData("DELETE FROM inventory_items WHERE source_uid = 'a'", 1, 0, 0, 0)]
    [InlineData("TRUNCATE inventory_items", 3, 0, 0, 0)]
    [InlineData("UPDATE inventory_items SET cluster = 'west' WHERE source_uid = 'b'", 0, 0, 0, 1)]
    [InlineData("UPDATE inventory_items SET source_uid = 'x' WHERE source_uid = 'b'", 1, 0, 1, 0)]
    [InlineData("UPDATE inventory_items SET inventory_name = 'x' WHERE source_uid = 'b'; DELETE FROM inventory_items WHERE inventory_name = 'x'", 1, 0, 0, 0)]
    [InlineData("INSERT INTO inventory_items SELECT inventory_namespace, inventory_name, 'pods', source_uid, cluster, '', payload, exported_at "
        + "FROM inventory_items; DELETE FROM inventory_items WHERE target_name = 'deployments'", 3, 0, 3, 0)]
    [InlineData("DELETE FROM inventory_items WHERE source_uid = 'a'; INSERT INTO inventory_items SELECT inventory_namespace, inventory_name, target_name, "
        + "'x', cluster, '', payload, exported_at FROM inventory_items WHERE source_uid = 'b'", 1, 0, 1, 0)]
    [InlineData("UPDATE inventory_items SET payload = '{}'; UPDATE inventory_items SET payload = '{\"uid\":\"c\",\"value\":\"3\"}' WHERE source_uid = 'c'",
        0, 2, 0, 0)]
    [InlineData("VACUUM (FULL, FREEZE) inventory_items", 0, 0, 0, 0)]
    public async Task What_another_session_does_is_repaired(string foreign, int inserted, int updated, int deleted, int adopted)
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2 c=3");
        Assert.Equal((0, 0, 0, 0), await RepairedAsync(keeper));
        await ForeignAsync(mirror, foreign);
        Assert.Equal((inserted, updated, deleted, adopted), await RepairedAsync(keeper));
        Assert.Equal("a=1 b=2 c=3", await mirror.RowsAsync());
        Assert.Equal((0, 0, 0, 0), await RepairedAsync(keeper));
        Assert.Equal(3L, await mirror.Database.ScalarAsync<long>("SELECT rows FROM kollect_exports ORDER BY exported_at DESC LIMIT 1"));
        keeper.Put("a", "4");
        Assert.Equal(1, SnapshotKeeper.Outcome(await keeper.ChangeAsync()).Updated);
    }

    [Fact]
    public async Task A_look_without_foreign_writes_touches_no_row_and_moves_the_time_of_the_verification()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        keeper.Put("b", "3");
        SnapshotKeeper.Outcome(await keeper.ChangeAsync());
        var before = await RowVersionsAsync(mirror);
        Assert.Equal((0, 0, 0, 0), await RepairedAsync(keeper));
        Assert.Equal(before, await RowVersionsAsync(mirror));
        Assert.Equal(
            (2L, 1L, true),
            (await mirror.Database.RowsAsync(
                "SELECT count(*), extract(minutes FROM max(verified_at) - max(exported_at))::int8, max(horizon) > max(xid) FROM kollect_exports",
                row => (row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2)))).Single());
    }

    /// <summary>Else each look would compare what the exporter itself wrote since the one before.</summary>
    [Fact]
    public async Task Rows_of_differences_are_not_taken_for_those_of_others()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2 c=3");
        await RepairedAsync(keeper);
        foreach (var value in new[] { "2", "3", "4" })
        {
            keeper.Put("a", value);
            SnapshotKeeper.Outcome(await keeper.ChangeAsync());
        }

        Assert.Equal((3L, 0L), await LookAsync(mirror));
        await mirror.Database.ExecuteAsync("UPDATE inventory_items SET payload = payload WHERE source_uid IN ('a', 'b')");
        Assert.Equal((3L, 2L), await LookAsync(mirror));
    }

    [Fact]
    public async Task A_transaction_that_ran_during_the_last_look_is_seen_at_the_next_one()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2 c=3 d=4");
        await RepairedAsync(keeper);
        await using var foreign = await mirror.ConnectAsync();
        await ExecuteAsync(
            foreign,
            """
            BEGIN; UPDATE inventory_items SET payload = '{"value": "top"}' WHERE source_uid = 'a';
            SAVEPOINT one; UPDATE inventory_items SET payload = '{"value": "sub"}' WHERE source_uid = 'b';
            SAVEPOINT two; UPDATE inventory_items SET payload = '{"value": "undone"}' WHERE source_uid = 'c'; ROLLBACK TO two
            """);
        await using var idle = await mirror.ConnectAsync();
        await ExecuteAsync(idle, "BEGIN; SELECT txid_current(); SAVEPOINT one");
        keeper.Put("d", "5");
        SnapshotKeeper.Outcome(await keeper.ChangeAsync());
        Assert.Equal((0, 0, 0, 0), await RepairedAsync(keeper));
        await ExecuteAsync(foreign, "DELETE FROM inventory_items WHERE source_uid = 'c'; COMMIT");
        await ExecuteAsync(idle, "UPDATE inventory_items SET payload = '{\"value\": \"late\"}' WHERE source_uid = 'd'");
        Assert.Equal((1, 2, 0, 0), await RepairedAsync(keeper));
        await ExecuteAsync(idle, "COMMIT");
        Assert.Equal((0, 1, 0, 0), await RepairedAsync(keeper));
        Assert.Equal("a=1 b=2 c=3 d=5", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Foreign_writes_between_differences_do_not_hide_each_other()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        await RepairedAsync(keeper);
        await mirror.InsertAsync("new");
        keeper.Put("new", "3");
        Assert.Equal(1, SnapshotKeeper.Outcome(await keeper.ChangeAsync()).Updated);
        await ForeignAsync(mirror, "DELETE FROM inventory_items WHERE source_uid = 'a'");
        Assert.Equal((1, 0, 0, 0), await RepairedAsync(keeper));
        Assert.Equal("a=1 b=2 new=3", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_deleted_row_is_not_hidden_by_the_row_of_an_item_that_cannot_be_stored()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2 x=!");
        await RepairedAsync(keeper);
        await mirror.InsertAsync("x");
        await ForeignAsync(mirror, "DELETE FROM inventory_items WHERE source_uid = 'a'");
        Assert.Equal((1, 0, 0, 0), await RepairedAsync(keeper));
        Assert.Equal("a=1 b=2 x=other", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_server_that_was_restored_makes_it_an_export_in_full()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        foreach (var (horizon, why) in new[] { ("txid_current() + 100", "went backwards"), ("0", "no transaction since which") })
        {
            await mirror.Database.ExecuteAsync($"UPDATE kollect_exports SET horizon = {horizon}");
            Assert.Contains(why, Lost(await keeper.RepairAsync()), StringComparison.Ordinal);
        }

        // As after a restore from a dump by a server whose counter has passed the horizon since.
        await mirror.Database.ExecuteAsync("UPDATE kollect_exports SET horizon = txid_current() + 20");
        await using var later = await mirror.ConnectAsync();
        for (var i = 0; i < 25; i++)
            await ExecuteAsync(later, "SELECT txid_current()");
        await Eventually.HoldsAsync(() => mirror.Database.ScalarAsync<bool>(
            "SELECT txid_snapshot_xmin(txid_current_snapshot()) >= max(horizon) FROM kollect_exports"));
        Assert.Contains("restored from a dump", Lost(await keeper.RepairAsync()), StringComparison.Ordinal);
        Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());
    }

    [Fact]
    public async Task Of_an_incomplete_snapshot_nothing_is_removed()
    {
        var mirror = await MirrorAsync();
        await using var keeper = await KeptAsync(mirror, "a=1 b=2");
        keeper.IsComplete = false;
        keeper.Remove("b");
        await ForeignAsync(mirror, "UPDATE inventory_items SET payload = '{}'");
        await mirror.InsertAsync("x");
        Assert.Equal((0, 1, 0, 0), await RepairedAsync(keeper));
        Assert.Equal(["a", "b", "x"], (await mirror.StoredAsync()).Select(row => row.SourceUid).Order());
    }

    private static async Task<PostgresMirror> MirrorAsync() => await PostgresMirror.CreateAsync() with { SkipUnchanged = None };

    private static async Task<SnapshotKeeper> KeptAsync(Mirror mirror, string snapshot)
    {
        var keeper = new SnapshotKeeper(mirror, new SnapshotKeeper.Clock());
        keeper.Set(snapshot);
        Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());
        return keeper;
    }

    private static async Task<(long Inserted, long Updated, long Deleted, long Adopted)> RepairedAsync(SnapshotKeeper keeper)
    {
        var outcome = SnapshotKeeper.Outcome(await keeper.RepairAsync());
        return (outcome.Inserted, outcome.Updated, outcome.Deleted, outcome.Adopted);
    }

    private static string Lost(Either<BasisLost, ExportResult> result) => result.Match(it => $"not lost: {it}", lost => lost.Why);

    /// <summary>One statement after the other, so that each has a transaction of its own: VACUUM runs in none.</summary>
    private static async Task ForeignAsync(PostgresMirror mirror, string statements)
    {
        await using var connection = await mirror.ConnectAsync();
        foreach (var statement in statements.Split("; "))
            await ExecuteAsync(connection, statement);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static Task<IReadOnlyList<string>> RowVersionsAsync(PostgresMirror mirror) =>
        mirror.Database.RowsAsync("SELECT ctid || ' ' || xmin FROM inventory_items ORDER BY 1", row => row.GetString(0));

    /// <summary>Rows of the scope, and those that a look takes for touched by others.</summary>
    private static async Task<(long Rows, long Touched)> LookAsync(PostgresMirror mirror)
    {
        await using var connection = await mirror.ConnectAsync();
        await using var horizon = new NpgsqlCommand("SELECT horizon FROM kollect_exports ORDER BY exported_at DESC LIMIT 1", connection);
        var since = (long)(await horizon.ExecuteScalarAsync(Cancel))!;
        await using var look = new NpgsqlCommand(new RepairStatements(new Ledger(new TableName("public", "inventory_items"))).Look, connection);
        foreach (var value in new object[] { "platform", "all", "east", "inventory_items", since })
            look.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var row = await look.ExecuteReaderAsync(Cancel);
        Assert.True(await row.ReadAsync(Cancel));
        return (row.GetInt64(0), row.GetInt64(2));
    }
}
