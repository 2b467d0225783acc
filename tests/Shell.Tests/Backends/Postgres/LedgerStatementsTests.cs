using Kollect.Core.Backends.Postgres;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.Postgres;
using Kollect.Shell.Tests.Backends.Conformance;
using Npgsql;
using NpgsqlTypes;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>The statements of the ledger on a real server, and the facts about transaction ids that a look for foreign writes relies on.</summary>
public sealed class LedgerStatementsTests
{
    private static readonly Ledger Ledger = new(new TableName("public", "inventory_items"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_written_entry_is_read_and_a_refusal_never_replaces_it()
    {
        var mirror = await CreatedAsync();
        await using var to = await ConnectedAsync(mirror);
        Assert.Null((await NewestAsync(to)).Checksum);
        await InsertAsync(to, "all", at: 1, "first");
        await InsertAsync(to, "all", at: 2, "second");
        await InsertAsync(to, "other", at: 9, "another scope");
        await RefuseAsync(to, at: 2);
        await RefuseAsync(to, at: 3);
        Assert.Equal(("second", Mirror.Monday.AddMinutes(2)), await NewestAsync(to));
        await InsertAsync(to, "all", at: 3, "third");
        Assert.Equal(("third", Mirror.Monday.AddMinutes(3)), await NewestAsync(to));
        Assert.Equal(4L, await to.QueryRowAsync($"SELECT count(*) FROM {Ledger.At} WHERE refusal IS NULL", row => row.GetInt64(0), Cancel));
    }

    [Fact]
    public async Task A_verification_moves_the_time_forwards_only_and_keeps_what_it_does_not_know()
    {
        var mirror = await CreatedAsync();
        await using var to = await ConnectedAsync(mirror);
        await InsertAsync(to, "all", at: 1, "first");
        await VerifyAsync(to, at: 5, "again", horizon: 44);
        await VerifyAsync(to, at: 4, null, null);
        Assert.Equal(
            (Mirror.Monday.AddMinutes(5), "again", 44L, 7L),
            await to.QueryRowAsync(
                Ledger.Newest, row => (row.GetDateTime(1), row.GetString(2), row.GetInt64(7), row.GetInt64(8)), Cancel, Scope("all")));
    }

    [Fact]
    public async Task A_sweep_keeps_the_newest_entry_of_rows_and_takes_a_bounded_number()
    {
        var mirror = await CreatedAsync();
        await using var to = await ConnectedAsync(mirror);
        for (var at = 1; at <= 5; at++)
            await InsertAsync(to, "all", at, "x");
        await RefuseAsync(to, at: 6);
        await InsertAsync(to, "removed", at: 1, "x", rows: 0);
        Assert.Equal(2, await SweepAsync(to, "all", most: 2));
        Assert.Equal(3, await SweepAsync(to, "all", most: 100));
        Assert.Equal(("x", Mirror.Monday.AddMinutes(5)), await NewestAsync(to));
        Assert.Equal("removed", await NextAsync(to, "all"));
        Assert.Equal(1, await SweepAsync(to, "removed", most: 100));
        Assert.Equal("all", await NextAsync(to, "all"));
    }

    [Fact]
    public async Task Entries_of_one_exporter_and_hour_become_one_when_they_are_an_hour_old()
    {
        var mirror = await CreatedAsync();
        await using var to = await ConnectedAsync(mirror);
        foreach (var at in new[] { 1, 2, 3, 40, 50, 51 }) // 08:31 to 09:21
            await InsertAsync(to, "all", at, "x");
        await InsertAsync(to, "other", at: 2, "x");
        await RefuseAsync(to, at: 4);
        Assert.Equal(0, await RollUpAsync(to, at: 63, "another exporter"));
        Assert.Equal(0, await RollUpAsync(to, at: 62, "tests"));
        Assert.Equal(1, await RollUpAsync(to, at: 64, "tests"));
        Assert.Equal(["3 +3 ~6 -9 36 ms", "40 +1 ~2 -3 12 ms", "50 +1 ~2 -3 12 ms", "51 +1 ~2 -3 12 ms"], await EntriesAsync(to));
        Assert.Equal(1, await RollUpAsync(to, at: 112, "tests"));
        Assert.Equal(0, await RollUpAsync(to, at: 112, "tests"));
        Assert.Equal(["3 +3 ~6 -9 36 ms", "51 +3 ~6 -9 36 ms"], await EntriesAsync(to));
    }

    [Fact]
    public async Task A_sweep_waits_for_no_entry_that_another_session_has_locked()
    {
        var mirror = await CreatedAsync();
        await using var one = await ConnectedAsync(mirror);
        for (var at = 1; at <= 3; at++)
            await InsertAsync(one, "all", at, "x");
        await one.CommitAsync(Cancel);
        await one.BeginAgainAsync(Cancel);
        await one.ExecuteAsync($"SELECT FROM {Ledger.At} WHERE exported_at = $1 FOR UPDATE", Cancel, Mirror.Monday.AddMinutes(1).UtcDateTime);
        await using var two = await ConnectedAsync(mirror);
        Assert.Equal(1, await SweepAsync(two, "all", most: 100));
    }

    /// <summary>Unlike <c>pg_visible_in_snapshot</c>, whose snapshots hold ids of transactions only (PostgreSQL manual 9.26).</summary>
    [Fact]
    public async Task A_row_that_a_subtransaction_writes_after_the_comparison_is_never_below_the_horizon()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.Database.ExecuteAsync("CREATE TABLE t (a int)");
        await using var foreign = await ConnectedAsync(mirror);
        await foreign.ExecuteAsync("SELECT txid_current()", Cancel); // it runs while the horizon is read
        await using var look = await ConnectedAsync(mirror);
        var horizon = await look.QueryRowAsync("SELECT txid_snapshot_xmin(txid_current_snapshot())", row => row.GetInt64(0), Cancel);
        await foreign.ExecuteAsync("INSERT INTO t VALUES (1)", Cancel);
        await foreign.ExecuteAsync("SAVEPOINT s", Cancel);
        await foreign.ExecuteAsync("INSERT INTO t VALUES (2)", Cancel);
        await foreign.CommitAsync(Cancel);
        var written = await look.QueryAsync("SELECT xmin::text::bigint FROM t ORDER BY a", row => row.GetInt64(0), Cancel);
        Assert.True(written[1] > written[0], "the id of a subtransaction is larger than that of its parent");
        Assert.All(written, xmin => Assert.True(xmin >= horizon % (1L << 32)));
    }

    private static async Task<PostgresMirror> CreatedAsync()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.Database.ExecuteAsync(Ledger.Own.Create);
        return mirror;
    }

    private static Task<Session> ConnectedAsync(PostgresMirror mirror) =>
        Session.OpenAsync(NpgsqlDataSource.Create(mirror.Database.ConnectionString()), relay: null, new ServerConnections(), Cancel);

    private static object[] Scope(string inventory) => ["inventory_items", "platform", inventory, "east"];

    private static object[] Key(string inventory, int at) => [.. Scope(inventory), Mirror.Monday.AddMinutes(at).UtcDateTime];

    private static async Task<(string? Checksum, DateTimeOffset? At)> NewestAsync(Session session) => await session.QueryRowAsync(
        Ledger.Newest,
        row => (row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(0) ? (DateTimeOffset?)null : new DateTimeOffset(row.GetDateTime(0))),
        Cancel,
        Scope("all"));

    private static Task<long> InsertAsync(Session session, string inventory, int at, string checksum, long rows = 7) => session.ExecuteAsync(
        Ledger.Insert, Cancel, [.. Key(inventory, at), checksum, 7L, true, 1L, 2L, 3L, 0L, 0L, 12L, "tests", 40L, rows]);

    private static Task<long> RefuseAsync(Session session, int at) => session.ExecuteAsync(
        Ledger.InsertRefused, Cancel, [.. Key("all", at), Nullable(NpgsqlDbType.Text, null), 7L, true, 0L, 12L, "tests", "sent 2, counted 1"]);

    private static Task<long> VerifyAsync(Session session, int at, string? checksum, long? horizon) => session.ExecuteAsync(
        Ledger.Verify,
        Cancel,
        [.. Key("all", 1), Mirror.Monday.AddMinutes(at).UtcDateTime, Nullable(NpgsqlDbType.Text, checksum), Nullable(NpgsqlDbType.Bigint, horizon),
            Nullable(NpgsqlDbType.Bigint, null)]);

    private static Task<long> RollUpAsync(Session session, int at, string exporter) =>
        session.ExecuteAsync(Ledger.RollUp, Cancel, [.. Key("all", at), exporter]);

    /// <summary><c>3 +1 ~2 -3 12 ms</c>: minute, inserted, updated, deleted, duration; without refusals.</summary>
    private static async Task<IEnumerable<string>> EntriesAsync(Session session) => (await session.QueryAsync(
        $"SELECT exported_at, inserted, updated, deleted, duration_ms FROM {Ledger.At} WHERE inventory_name = 'all' AND refusal IS NULL ORDER BY exported_at",
        row => $"{(new DateTimeOffset(row.GetDateTime(0)) - Mirror.Monday).TotalMinutes} +{row.GetInt64(1)} ~{row.GetInt64(2)} -{row.GetInt64(3)} "
            + $"{row.GetInt64(4)} ms",
        Cancel)).AsEnumerable();

    // Older than a time in the future: every entry, whatever the clock says.
    private static Task<long> SweepAsync(Session session, string inventory, long most) =>
        session.ExecuteAsync(Ledger.Sweep, Cancel, [.. Scope(inventory), TimeSpan.FromDays(-36_500).TotalSeconds, most]);

    private static Task<string> NextAsync(Session session, string inventory) =>
        session.QueryRowAsync(Ledger.NextScope, row => row.GetString(2), Cancel, Scope(inventory));

    private static NpgsqlParameter Nullable(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
