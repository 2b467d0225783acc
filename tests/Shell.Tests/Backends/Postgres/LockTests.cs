using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.Postgres;
using Kollect.Shell.Tests.Backends.Conformance;
using Npgsql;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>Which exports wait for each other, and what a wait that takes too long reports.</summary>
public sealed class LockTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    public async Task A_locked_row_of_one_tenant_holds_up_no_other_tenant(KollectDatabaseSinkMode mode)
    {
        var mirror = await PostgresMirror.CreateAsync() with { Options = HashMap(("lock_timeout", "0")) };
        await mirror.ExportedAsync(Mirror.Items("a=1"), inventory: "tenant-0");
        mirror = mirror with { Mode = mode };
        await using var holder = await HolderAsync(mirror, "SELECT FROM inventory_items WHERE inventory_name = 'tenant-0' FOR UPDATE");
        var waiting = mirror.ExportAsync(Mirror.Items("a=2"), at: 1, inventory: "tenant-0");
        await Task.WhenAll(Enumerable.Range(1, 20).Select(async tenant =>
        {
            await mirror.ExportedAsync(Mirror.Items("a=1 b=1"), inventory: $"tenant-{tenant}");
            await mirror.ExportedAsync(Mirror.Items("a=2"), at: 1, inventory: $"tenant-{tenant}");
        }));
        Assert.False(waiting.IsCompleted);
        await holder.DisposeAsync();
        Assert.IsType<ExportResult.Exported>(await waiting);
        Assert.Equal(21, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM inventory_items WHERE payload->>'value' = '2'"));
    }

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    public async Task A_locked_row_ends_the_wait_with_the_session_that_holds_it(KollectDatabaseSinkMode mode)
    {
        var mirror = await PostgresMirror.CreateAsync() with { Options = HashMap(("lock_timeout", "200")) };
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await using var holder = await HolderAsync(mirror, "SELECT FROM inventory_items FOR UPDATE");
        var failure = await FailureAsync((mirror with { Mode = mode }).ExportAsync(Mirror.Items("a=2"), at: 1));
        Assert.Contains($"pid {holder.ProcessID} (reports of finance, for ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a lock on \"public\".\"inventory_items\" or on rows of it", failure.Message, StringComparison.Ordinal);
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task An_exporter_that_never_ends_is_named_to_those_that_wait_for_its_scope()
    {
        var mirror = await PostgresMirror.CreateAsync() with { Options = HashMap(("lock_timeout", "200")) };
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        var names = new ExportStatements(new TableName("public", "inventory_items"));
        var name = names.LockName(new Scope("platform", "all", "east"));
        await using var holder = await HolderAsync(mirror, $"SELECT pg_advisory_xact_lock(hashtextextended('{name}', 0))");
        var failure = await FailureAsync(mirror.ExportAsync(Mirror.Items("a=2"), at: 1));
        Assert.Contains($"the export of platform/all of cluster \"east\" into", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"held by pid {holder.ProcessID} (reports of finance, for ", failure.Message, StringComparison.Ordinal);
        await mirror.ExportedAsync(Mirror.Items("a=1"), cluster: "west", inventory: "other");
    }

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    public async Task An_export_that_adopts_rows_waits_for_the_exports_that_hold_them(KollectDatabaseSinkMode mode)
    {
        var mirror = await PostgresMirror.CreateAsync() with { Options = HashMap(("lock_timeout", "200")) };
        await mirror.ExportedAsync(Mirror.Items("a=1 b=1"));
        mirror = mirror with { Mode = mode };
        var inventory = new ExportStatements(new TableName("public", "inventory_items")).InventoryLockName(new Scope("platform", "all", "east"));
        await using (await HolderAsync(mirror, $"SELECT pg_advisory_xact_lock_shared(hashtextextended('{inventory}', 0))"))
        {
            await mirror.ExportedAsync(Mirror.Items("c=1"), cluster: "west");
            var failure = await FailureAsync(mirror.ExportAsync(Mirror.Items("a=2 c=1"), at: 1, cluster: "west"));
            Assert.Contains("because rows change their label", failure.Message, StringComparison.Ordinal);
            Assert.Equal("a=1 b=1 c=1@west", await mirror.RowsAsync());
        }

        await mirror.ExportedAsync(Mirror.Items("a=2 c=1"), at: 1, cluster: "west");
        Assert.Equal("b=1 a=2@west c=1@west", await mirror.RowsAsync());
    }

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    public async Task Two_clusters_that_claim_the_same_rows_in_opposite_orders_end(KollectDatabaseSinkMode mode)
    {
        var mirror = await PostgresMirror.CreateAsync() with { SkipUnchanged = true };
        await mirror.ExportedAsync(Mirror.Many(3_000, "1"));
        mirror = mirror with { Mode = mode };
        var results = await Task.WhenAll(
            mirror.ExportAsync(Mirror.Many(3_000, "2"), at: 1, cluster: "west"),
            mirror.ExportAsync(Mirror.Many(3_000, "3").Reverse(), at: 1, cluster: "north"),
            mirror.ExportAsync(Mirror.Many(3_000, "1"), at: 1));
        Assert.Contains(results, result => result is ExportResult.Exported);
        Assert.All(results, result => Assert.True(result is ExportResult.Exported or ExportResult.Failed { Failure: Failure.TryLater }, $"{result}"));

        // One of them came last, and the rows are all its own.
        var labels = await mirror.Database.RowsAsync(
            "SELECT cluster || (payload->>'value') FROM inventory_items GROUP BY 1", row => row.GetString(0));
        Assert.Contains(Assert.Single(labels), (string[])["west2", "north3", "east1"]);
    }

    [Fact]
    public async Task A_wait_is_limited_unless_the_role_limits_it()
    {
        var mirror = await PostgresMirror.CreateAsync();
        var role = await mirror.Database.CreateRoleAsync("patient_", "pw");
        await mirror.Database.ExecuteAsync($"ALTER ROLE {role} SET lock_timeout = '7s'");
        foreach (var (connection, limit) in new[]
                 {
                     (mirror.Database.ConnectionString(), "30s"),
                     (mirror.Database.ConnectionString(role, "pw"), "7s"),
                 })
        {
            await using var source = NpgsqlDataSource.Create(connection);
            await using var session = await Session.OpenAsync(source, relay: null, new ServerConnections(), Cancel);
            await session.ExecuteAsync(ExportStatements.LimitLockWaits, Cancel, "30000");
            Assert.Equal(limit, await session.QueryRowAsync("SHOW lock_timeout", row => row.GetString(0), Cancel));
        }
    }

    private static async Task<Failure.TryLater> FailureAsync(Task<ExportResult> export) =>
        Assert.IsType<Failure.TryLater>(Assert.IsType<ExportResult.Failed>(await export).Failure);

    /// <summary>A session that holds what the statement locks until it is disposed.</summary>
    private static async Task<NpgsqlConnection> HolderAsync(PostgresMirror mirror, string sql)
    {
        var connection = new NpgsqlConnection(mirror.Database.ConnectionString() + ";Application Name=reports of finance;Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand($"BEGIN; {sql}", connection);
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }
}
