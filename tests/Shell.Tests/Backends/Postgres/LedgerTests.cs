using Kollect.Core.Exports;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Snapshots;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>The ledger of exports beside the rows, with and without the right to it.</summary>
public sealed class LedgerTests
{
    [Fact]
    public async Task An_export_that_changes_something_leaves_an_entry_and_another_one_only_moves_its_time()
    {
        var mirror = await StartAsync();
        await Stamped(mirror, "x", 2).ExportedAsync(Mirror.Items("a=1 b=2"));
        var written = await XminsAsync(mirror);
        var again = Assert.IsType<ExportResult.Exported>(await Stamped(mirror, "x", 2).ExportAsync(Mirror.Items("a=1 b=2"), at: 5));
        Assert.Equal(new Fence(Mirror.Monday, "x"), again.Fence);
        Assert.Equal(written, await XminsAsync(mirror));
        Assert.Equal(["all@east 0..5 x items=2 +2 ~0 -0 rows=2"], await EntriesAsync(mirror));

        var changed = Assert.IsType<ExportResult.Exported>(await Stamped(mirror, "y", 2).ExportAsync(Mirror.Items("a=1 c=3"), at: 6));
        Assert.Equal(new Fence(Mirror.Monday.AddMinutes(6), "y"), changed.Fence);
        Assert.Equal(["all@east 0..5 x items=2 +2 ~0 -0 rows=2", "all@east 6..6 y items=2 +1 ~0 -1 rows=2"], await EntriesAsync(mirror));
        Assert.Equal(
            1, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM kollect_exports WHERE exporter = 'tests' AND horizon <= xid AND exported_at = "
                + $"'{Mirror.Monday.AddMinutes(6):O}' AND xid % 4294967296 = (SELECT xmin::text::bigint FROM inventory_items WHERE source_uid = 'c')"));
    }

    [Fact]
    public async Task An_export_that_is_older_than_a_verification_or_an_empty_snapshot_is_superseded()
    {
        var mirror = await StartAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 4);
        Assert.Equal(
            new ExportResult.Superseded(Mirror.Monday.AddMinutes(3), Mirror.Monday.AddMinutes(4)), await mirror.ExportAsync(Mirror.Items("a=2"), at: 3));
        await mirror.ExportedAsync([], at: 6);
        Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("a=1"), at: 5));
        Assert.Equal("", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_content_that_was_unknown_is_stamped_when_it_is_verified()
    {
        var mirror = await StartAsync();
        Assert.True(Assert.IsType<ExportResult.Exported>(await mirror.ExportAsync(Mirror.Items("a=1"))).Fence.IsNone);
        await Stamped(mirror, "x", 1).ExportedAsync(Mirror.Items("a=1"), at: 1);
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 2);
        Assert.Equal(["all@east 0..2 x items=1 +1 ~0 -0 rows=1"], await EntriesAsync(mirror));
    }

    [Fact]
    public async Task An_incomplete_snapshot_is_no_basis_of_a_difference()
    {
        var mirror = await StartAsync();
        await Stamped(mirror, "x", 2).ExportedAsync(Mirror.Items("a=1 b=2"));
        var incomplete = await Stamped(mirror, "y", 1).ExportAsync(Mirror.Items("a=1"), at: 1, isComplete: false);
        Assert.True(Assert.IsType<ExportResult.Exported>(incomplete).Fence.IsNone);
        Assert.Equal(
            ["all@east 0..0 x items=2 +2 ~0 -0 rows=2", "all@east 1..1 y items=1 +0 ~0 -0 rows=2 incomplete"], await EntriesAsync(mirror));
    }

    [Fact]
    public async Task A_refused_export_leaves_an_entry_and_a_dry_run_none()
    {
        var mirror = await StartAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.ExportAsync(Mirror.Items("b=2"), at: 1, dryRun: true);
        await mirror.Database.ExecuteAsync("ALTER TABLE inventory_items ADD CHECK (source_uid <> 'bad')");
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("bad=1"), at: 2));
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(
            Mirror.Then(Mirror.Items("c=1"), () => throw new SnapshotException("input: every item is unusable")), at: 3));
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("bad=1"), at: 4, dryRun: true));
        var entries = await EntriesAsync(mirror);
        Assert.Equal(3, entries.Length);
        Assert.Contains("refused: export: ", entries[1], StringComparison.Ordinal);
        Assert.Contains("23514", entries[1], StringComparison.Ordinal);
        Assert.EndsWith("items=1 +0 ~0 -0 rows=0 refused: input: every item is unusable", entries[2], StringComparison.Ordinal);
        Assert.IsType<ExportResult.Exported>(await mirror.ExportAsync(Mirror.Items("a=1"), at: 1)); // a refusal supersedes nothing
    }

    [Fact]
    public async Task A_removal_leaves_an_entry_without_rows_that_supersedes_no_later_inventory()
    {
        var mirror = await StartAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 600); // a clock ahead
        Assert.Equal(new RemovalResult.Removed(1), await mirror.RemovedAsync(at: 1));
        Assert.Equal(["all@east 1..1 - items=0 +0 ~0 -1 rows=0"], await EntriesAsync(mirror));
        await mirror.ExportedAsync(Mirror.Items("a=2"), at: 2);
        Assert.Equal("a=2", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Sinks_and_scopes_of_a_schema_share_the_ledger_and_old_entries_of_all_are_swept()
    {
        var mirror = await StartAsync();
        for (var at = 0; at < 3; at++)
        {
            await mirror.ExportedAsync(Mirror.Items($"a={at}"), at);
            await mirror.ExportedAsync(Mirror.Items($"o={at}"), at, inventory: "other");
        }

        await (mirror with { Table = "second" }).ExportedAsync(Mirror.Items("b=1"));
        Assert.Equal(7, await CountAsync(mirror));
        await mirror.Database.ExecuteAsync(
            "UPDATE kollect_exports SET exported_at = exported_at - interval '20 years', verified_at = verified_at - interval '20 years'");
        await mirror.ExportedAsync(Mirror.Items("a=9"), at: 9);
        Assert.Equal(3, await CountAsync(mirror)); // the newest of each scope: those of "all" before the new one are old
        await (mirror with { Table = "second" }).ExportedAsync(Mirror.Items("b=2"), at: 9);
        Assert.Equal("b=2", await (mirror with { Table = "second" }).RowsAsync());
    }

    [Fact]
    public async Task The_view_shows_the_newest_written_entry_of_each_scope_and_is_made_where_an_older_ledger_lacks_it()
    {
        var mirror = await StartAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.ExportedAsync(Mirror.Items("a=2 b=1"), at: 1);
        await mirror.ExportedAsync(Mirror.Items("a=2 b=1"), at: 4);
        await mirror.ExportedAsync(Mirror.Items("o=1"), at: 2, inventory: "other");
        string[] expected = ["all 1..4 items=2 true", "other 2..2 items=1 true"];
        Assert.Equal(expected, await FreshnessAsync(mirror));
        await mirror.Database.ExecuteAsync("DROP VIEW kollect_freshness");
        await mirror.ExportedAsync(Mirror.Items("a=2 b=1"), at: 4);
        Assert.Equal(expected, await FreshnessAsync(mirror));
        Assert.True(await mirror.Database.ScalarAsync<bool>("SELECT bool_and(age = now() - verified_at) FROM kollect_freshness"));
    }

    [Fact]
    public async Task A_view_of_somebody_else_is_left_alone_and_the_warning_names_the_statement()
    {
        var mirror = await StartAsync();
        await mirror.Database.ExecuteAsync("CREATE VIEW kollect_freshness AS SELECT 1 AS age");
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        Assert.Equal(1, await mirror.Database.ScalarAsync<int>("SELECT age FROM kollect_freshness"));
        Assert.Equal(1, await CountAsync(mirror));
        var warning = Assert.Single(await WarningsAsync(mirror));
        var remedy = warning[(warning.IndexOf("then: ", StringComparison.Ordinal) + 6)..];
        await mirror.Database.ExecuteAsync("ALTER VIEW kollect_freshness RENAME TO theirs; " + remedy);
        Assert.Equal(["all 0..0 items=1 true"], await FreshnessAsync(mirror));
        Assert.Empty(await WarningsAsync(mirror));
    }

    [Fact]
    public async Task Rows_that_are_taken_from_a_label_that_exports_too_are_told()
    {
        var mirror = await StartAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        await mirror.ExportedAsync(Mirror.Items("d=1"), cluster: "south");
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=1 c=3"), at: 1, cluster: "west");
        Assert.Equal(Seq1(new LiveCluster("east", 1, Mirror.Monday)), outcome.TakenFrom);
        Assert.Empty((await mirror.ExportedAsync(Mirror.Items("a=1 c=4"), at: 2, cluster: "west")).TakenFrom);
        Assert.Equal(
            Seq1(new LiveCluster("west", 1, Mirror.Monday.AddMinutes(2))),
            (await mirror.ExportedAsync(Mirror.Items("a=1 b=2"), at: 3)).TakenFrom);

        // Two days later all of them are former labels.
        outcome = await mirror.ExportedAsync(Mirror.Items("a=1 b=2 c=4"), at: 3_000, cluster: "north");
        Assert.Equal((3, 0), (outcome.Adopted, outcome.TakenFrom.Count));
    }

    [Fact]
    public async Task Mode_existing_without_a_ledger_changes_nothing_of_the_catalog_and_its_warning_is_the_remedy()
    {
        var admin = await PostgresMirror.CreateAsync();
        await (admin with { KeepsLedger = false }).ExportedAsync([]);
        var mirror = await WithDmlRoleAsync(admin) with { Mode = KollectDatabaseSinkMode.Existing, SkipUnchanged = None };
        await RemediedAsync(admin, mirror, "does not exist and provisioning.mode is existing — ");
    }

    [Fact]
    public async Task Mode_ensure_without_the_right_to_create_it_does_the_same()
    {
        var admin = await PostgresMirror.CreateAsync();
        await (admin with { KeepsLedger = false }).ExportedAsync([]);
        await RemediedAsync(admin, await WithDmlRoleAsync(admin) with { SkipUnchanged = None }, "; or ");
    }

    [Fact]
    public async Task A_table_of_another_shape_is_left_alone()
    {
        var admin = await PostgresMirror.CreateAsync();
        await (admin with { KeepsLedger = false }).ExportedAsync([]);
        await admin.Database.ExecuteAsync("CREATE TABLE kollect_exports (table_name text PRIMARY KEY, cluster int)");
        await RemediedAsync(
            admin, admin with { SkipUnchanged = None }, "no unique index on (table_name, inventory_namespace, inventory_name, cluster, exported_at) — ");
    }

    [Fact]
    public async Task A_privilege_less_is_a_warning_with_its_grant()
    {
        var admin = await PostgresMirror.CreateAsync();
        await admin.ExportedAsync([]);
        var mirror = await WithDmlRoleAsync(admin) with { SkipUnchanged = None };
        await admin.Database.ExecuteAsync($"GRANT SELECT, INSERT, UPDATE ON kollect_exports TO {await RoleAsync(mirror)}");
        await RemediedAsync(admin, mirror, "the role lacks DELETE on \"public\".\"kollect_exports\", the ledger of exports — ");
    }

    [Fact]
    public async Task A_ledger_that_is_switched_off_is_not_created_read_or_written()
    {
        var mirror = await StartAsync() with { KeepsLedger = false };
        await mirror.Database.LogEveryStatementAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        Assert.Equal(1, (await mirror.ExportedAsync(Mirror.Items("a=1"), at: 1)).Updated);
        await mirror.RemovedAsync(at: 2);
        Assert.DoesNotContain("kollect_exports", string.Concat(await mirror.Database.LoggedStatementsAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_long_first_export_runs_others_of_the_schema_do_not_wait_for_the_ledger()
    {
        var mirror = await StartAsync();
        var (reads, others) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = mirror.ExportAsync(Slowly());
        await reads.Task;
        await (mirror with { Table = "second" }).ExportedAsync(Mirror.Items("b=1")).WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        Assert.Equal(1, await CountAsync(mirror));
        others.SetResult();
        Assert.IsType<ExportResult.Exported>(await first);
        Assert.Equal(2, await CountAsync(mirror));

        async IAsyncEnumerable<RowOrRejection> Slowly()
        {
            yield return Mirror.Item("a", "1");
            reads.SetResult();
            await others.Task;
        }
    }

    /// <summary>Exports work as without a ledger, and try no DDL for one; after the warning's remedy they use it.</summary>
    private static async Task RemediedAsync(PostgresMirror admin, PostgresMirror mirror, string says)
    {
        var before = await CatalogAsync(admin);
        await admin.Database.ExecuteAsync($"COMMENT ON DATABASE {admin.Database.Name} IS 'mark'");
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 1);
        Assert.Equal(1, (await mirror.ExportedAsync(Mirror.Items("a=1"), at: 2)).Updated);
        Assert.Equal(before, await CatalogAsync(admin));
        Assert.DoesNotContain(await TriedSinceMarkAsync(admin.Database), it => it.Contains("kollect_exports", StringComparison.Ordinal));
        if (mirror.Mode == KollectDatabaseSinkMode.Existing)
            Assert.Empty(await TriedSinceMarkAsync(admin.Database));
        var warning = Assert.Single(await WarningsAsync(mirror));
        Assert.Contains(says, warning, StringComparison.Ordinal);
        await admin.Database.ExecuteAsync(
            warning[(warning.IndexOf(says, StringComparison.Ordinal) + says.Length)..]
                .Replace("<role of the sink>", await RoleAsync(mirror), StringComparison.Ordinal));
        Assert.Empty(await WarningsAsync(mirror));
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 3);
        Assert.Equal(1, (await mirror.ExportedAsync(Mirror.Items("a=1"), at: 4)).Unchanged);
        Assert.Equal(
            ["all@east 3..4 - items=1 +0 ~0 -0 rows=1"],
            (await EntriesAsync(admin)).Where(entry => !entry.Contains("items=0", StringComparison.Ordinal)));
    }

    private static async Task<PostgresMirror> StartAsync() => await PostgresMirror.CreateAsync() with { SkipUnchanged = None };

    private static PostgresMirror Stamped(PostgresMirror mirror, string checksum, long items) => mirror with { Content = new ContentStamp(checksum, items) };

    private static async Task<Seq<string>> WarningsAsync(PostgresMirror mirror)
    {
        await using var destination = mirror.Open();
        var probe = Assert.IsType<ProbeResult.Succeeded>(await destination.ProbeAsync(TestContext.Current.CancellationToken));
        var plan = Assert.IsType<PlanResult.Planned>(await destination.PlanAsync(TestContext.Current.CancellationToken));
        var warnings = probe.Checked.Filter(line => line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.All(warnings, line => Assert.Contains(line, plan.Preview.Remarks));
        return warnings;
    }

    private static async Task<PostgresMirror> WithDmlRoleAsync(PostgresMirror admin)
    {
        var role = await admin.Database.CreateRoleAsync("dml_", "pw-dml");
        await admin.Database.ExecuteAsync(
            $"GRANT SELECT, INSERT, UPDATE, DELETE ON inventory_items TO {role}; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        return admin with { Url = admin.Database.Url(role, "pw-dml") };
    }

    /// <summary>DDL that the server logged, whether it could be done or not.</summary>
    private static async Task<string[]> TriedSinceMarkAsync(TestDatabase database) =>
        [.. (await database.LoggedStatementsAsync()).Reverse().TakeWhile(line => !line.Contains("'mark'", StringComparison.Ordinal))];

    private static Task<string> RoleAsync(PostgresMirror mirror) =>
        Task.FromResult(mirror.Url is { } url ? new Uri(url).UserInfo.Split(':')[0] : "CURRENT_USER");

    private static Task<long> CountAsync(PostgresMirror mirror) => mirror.Database.ScalarAsync<long>("SELECT count(*) FROM kollect_exports");

    private static async Task<string[]> XminsAsync(PostgresMirror mirror) =>
        [.. await mirror.Database.RowsAsync("SELECT source_uid || xmin::text FROM inventory_items ORDER BY 1", row => row.GetString(0))];

    // all 1..4 items=2 true; times in minutes after Monday
    private static async Task<string[]> FreshnessAsync(PostgresMirror mirror) =>
        [.. await mirror.Database.RowsAsync(
            $"""
            SELECT inventory_name || ' ' || (extract(epoch FROM exported_at - '{Mirror.Monday:O}') / 60)::int
                   || '..' || (extract(epoch FROM verified_at - '{Mirror.Monday:O}') / 60)::int || ' items=' || items || ' ' || complete
            FROM kollect_freshness
            ORDER BY inventory_name
            """,
            row => row.GetString(0))];

    /// <summary>Every relation and its columns; no statistics, which change by themselves.</summary>
    private static async Task<string[]> CatalogAsync(PostgresMirror mirror) =>
        [.. await mirror.Database.RowsAsync(
            """
            SELECT c.oid::text || ' ' || c.relname || ' ' || coalesce(string_agg(a.attname, ',' ORDER BY a.attnum), '')
            FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.oid >= 16384
            GROUP BY c.oid, c.relname ORDER BY c.oid
            """,
            row => row.GetString(0))];

    // all@east 0..5 checksum items=2 +2 ~0 -0 rows=2; times in minutes after Monday
    private static async Task<string[]> EntriesAsync(PostgresMirror mirror) =>
        [.. await mirror.Database.RowsAsync(
            $"""
            SELECT inventory_name || '@' || cluster
                   || ' ' || (extract(epoch FROM exported_at - '{Mirror.Monday:O}') / 60)::int
                   || '..' || coalesce(((extract(epoch FROM verified_at - '{Mirror.Monday:O}') / 60)::int)::text, '')
                   || ' ' || coalesce(checksum, '-') || ' items=' || items || ' +' || inserted || ' ~' || updated || ' -' || deleted || ' rows=' || rows
                   || CASE WHEN complete THEN '' ELSE ' incomplete' END || coalesce(' refused: ' || refusal, '')
            FROM kollect_exports
            ORDER BY inventory_name, exported_at
            """,
            row => row.GetString(0))];
}
