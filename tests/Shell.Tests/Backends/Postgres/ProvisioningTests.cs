using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Snapshots;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>Preflight, privileges and the restrictions of mode existing, on a real server.</summary>
public sealed class ProvisioningTests
{
    [Fact]
    public async Task After_applying_a_plan_the_next_plan_is_empty()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await using var destination = mirror.Open();
        var plan = Ready(await destination.PlanAsync(TestContext.Current.CancellationToken));
        foreach (var statement in plan.Statements)
            await mirror.Database.ExecuteAsync(statement.Sql);
        Assert.Empty(Ready(await destination.PlanAsync(TestContext.Current.CancellationToken)).Statements);
    }

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    public async Task A_role_with_only_DML_and_without_TEMP_suffices_once_the_table_exists(KollectDatabaseSinkMode mode)
    {
        var admin = await PostgresMirror.CreateAsync();
        await admin.ExportedAsync([]);
        var mirror = await WithDmlRoleAsync(admin) with { Mode = mode };
        await MarkAsync(mirror.Database);

        var at = 1;
        foreach (var count in new[] { 1, 31, 32, 5_000, 32, 0, 5_000, 1 })
        {
            await mirror.ExportedAsync(Mirror.Many(count, $"{at}"), at: at++);
            Assert.Equal(count, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));
        }

        Assert.Empty(await LoggedSinceMarkAsync(mirror.Database));
    }

    [Fact]
    public async Task Mode_existing_issues_no_DDL_even_with_the_privilege()
    {
        var admin = await PostgresMirror.CreateAsync();
        await admin.ExportedAsync(Mirror.Items("a=1"));
        await MarkAsync(admin.Database);
        var mirror = admin with { Mode = KollectDatabaseSinkMode.Existing };
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2"), at: 1);
        await mirror.ExportedAsync(Mirror.Items("b=2 b=3"), at: 2);
        Assert.Empty(await LoggedSinceMarkAsync(mirror.Database));

        // The log does record DDL: the staging table of mode ensure.
        await admin.ExportedAsync(Mirror.Items("a=1"), at: 3);
        Assert.Contains("CREATE TEMPORARY TABLE", string.Concat(await LoggedSinceMarkAsync(mirror.Database)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    public async Task An_export_into_an_existing_table_reads_the_catalog_once(KollectDatabaseSinkMode mode)
    {
        var mirror = await PostgresMirror.CreateAsync() with { KeepsLedger = false };
        await mirror.Database.LogEveryStatementAsync();
        await MarkAsync(mirror.Database);
        await mirror.ExportedAsync(Mirror.Items("a=1"));

        // The table was missing: once more under the lock, because another exporter may have created it meanwhile.
        // A missing table has no columns or indexes.
        Assert.Equal("2 2 2 0 0 2", string.Join(' ', await CatalogQueriesSinceMarkAsync(mirror.Database)));
        Assert.Equal(3, await InterceptorQueriesSinceMarkAsync(mirror.Database));

        await MarkAsync(mirror.Database);
        await (mirror with { Mode = mode }).ExportedAsync(Mirror.Items("a=2 b=1"), at: 1);
        Assert.All(await CatalogQueriesSinceMarkAsync(mirror.Database), times => Assert.Equal(1, times));

        // Once more after the writes, whose locks keep triggers from being created.
        Assert.Equal(2, await InterceptorQueriesSinceMarkAsync(mirror.Database));
    }

    [Fact]
    public async Task A_first_export_that_fails_leaves_no_table()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.ExportAsync(Mirror.Items("a=1"), dryRun: true);
        Assert.Equal(0, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'inventory_items'"));
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=1").Concat(Broken())));
        Assert.Equal(0, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'inventory_items'"));

        static IEnumerable<RowOrRejection> Broken()
        {
            yield return Mirror.Item("b", "1");
            throw new SnapshotException("input: broken");
        }
    }

    [Fact]
    public async Task A_missing_table_is_a_gap_in_mode_existing_and_its_remedy_is_DDL()
    {
        var mirror = await PostgresMirror.CreateAsync() with { Mode = KollectDatabaseSinkMode.Existing };
        var failure = Refused(await mirror.ExportAsync(Mirror.Items("a=1")));
        await mirror.Database.ExecuteAsync(failure.Gaps.Head.Remedy);
        await mirror.ExportedAsync(Mirror.Items("a=1"));
    }

    [Fact]
    public async Task All_gaps_are_reported_at_once_nothing_is_written_and_the_remedies_work()
    {
        var admin = await PostgresMirror.CreateAsync();
        await admin.Database.ExecuteAsync(
            """
            CREATE TABLE inventory_items (
                inventory_namespace text NOT NULL, inventory_name text NOT NULL, target_name text NOT NULL, source_uid text NOT NULL,
                resource_namespace text NOT NULL DEFAULT '', payload json NOT NULL, exported_at timestamptz NOT NULL, team text NOT NULL
            )
            """);
        var role = await admin.Database.CreateRoleAsync("gaps_", "pw-gaps");
        await admin.Database.ExecuteAsync($"GRANT SELECT, UPDATE ON inventory_items TO {role}");
        var mirror = admin with { Url = admin.Database.Url(role, "pw-gaps"), Mode = KollectDatabaseSinkMode.Existing };

        var failure = Refused(await mirror.ExportAsync(Mirror.Items("a=1")));
        Golden.Verify(
            $"{failure.Message}\n\n" + string.Concat(failure.Gaps.Map(gap => $"{gap.What}\n    {gap.Remedy}\n")),
            "postgres/existing-with-every-kind-of-gap.txt");
        Assert.Equal(0, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));

        foreach (var gap in failure.Gaps)
            await mirror.Database.ExecuteAsync(gap.Remedy.Replace("<role of the sink>", role, StringComparison.Ordinal));
        Assert.Equal(1, (await mirror.ExportedAsync(Mirror.Items("a=1"))).Inserted);
    }

    [Fact]
    public async Task A_view_a_deferrable_key_and_row_security_are_gaps()
    {
        var admin = await PostgresMirror.CreateAsync();
        await admin.ExportedAsync([]);
        await admin.Database.ExecuteAsync("CREATE VIEW v AS SELECT * FROM inventory_items");
        Assert.Contains("is a view", Refused(await (admin with { Table = "v" }).ExportAsync([])).Message, StringComparison.Ordinal);

        await admin.Database.ExecuteAsync(
            """
            ALTER TABLE inventory_items DROP CONSTRAINT inventory_items_pkey,
                ADD CONSTRAINT late PRIMARY KEY (inventory_namespace, inventory_name, target_name, source_uid) DEFERRABLE
            """);
        Assert.Contains("\"late\" is invalid, partial or deferrable", Refused(await admin.ExportAsync([])).Message, StringComparison.Ordinal);

        await admin.Database.ExecuteAsync(
            """
            ALTER TABLE inventory_items ENABLE ROW LEVEL SECURITY, DROP CONSTRAINT late,
                ADD PRIMARY KEY (inventory_namespace, inventory_name, target_name, source_uid)
            """);
        var mirror = await WithDmlRoleAsync(admin);
        Assert.Contains("row-level security", Refused(await mirror.ExportAsync([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_changes_nothing_and_reports_its_checks()
    {
        var mirror = await PostgresMirror.CreateAsync() with { Options = HashMap(("work_mem", "64MB")) };
        await using var destination = mirror.Open();
        var probe = Assert.IsType<ProbeResult.Succeeded>(await destination.ProbeAsync(TestContext.Current.CancellationToken));
        Assert.Equal("PostgreSQL preflight succeeded", probe.Message);
        Assert.Contains("table: \"public\".\"inventory_items\" is missing, and the role may create it", probe.Checked);
        Assert.Equal(0, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname = 'inventory_items'"));
    }

    private static async Task<PostgresMirror> WithDmlRoleAsync(PostgresMirror admin)
    {
        var role = await admin.Database.CreateRoleAsync("dml_", "pw-dml");
        await admin.Database.ExecuteAsync(
            $"""
            GRANT SELECT, INSERT, UPDATE, DELETE ON inventory_items TO {role};
            REVOKE TEMP ON DATABASE {admin.Database.Name} FROM PUBLIC;
            REVOKE CREATE ON SCHEMA public FROM PUBLIC;
            """);
        return admin with { Url = admin.Database.Url(role, "pw-dml") };
    }

    // A statement that the server logs as DDL and that marks a position in the log.
    private static Task MarkAsync(TestDatabase database) => database.ExecuteAsync("COMMENT ON DATABASE " + database.Name + " IS 'mark'");

    private static async Task<string[]> LoggedSinceMarkAsync(TestDatabase database) =>
        [.. (await database.LoggedStatementsAsync()).Reverse().TakeWhile(line => !line.Contains("'mark'", StringComparison.Ordinal))];

    /// <summary>How often each question to the catalog was asked.</summary>
    private static async Task<int[]> CatalogQueriesSinceMarkAsync(TestDatabase database)
    {
        var logged = await LoggedSinceMarkAsync(database);
        string[] questions = [Catalog.Engine, Catalog.Server, Catalog.Table, Catalog.Columns, Catalog.UniqueIndexes, Catalog.Constraints];
        return [.. questions.Select(sql => Times(logged, sql))];
    }

    private static async Task<int> InterceptorQueriesSinceMarkAsync(TestDatabase database) =>
        Times(await LoggedSinceMarkAsync(database), Catalog.Interceptors);

    private static int Times(string[] logged, string sql) => logged.Count(line => line.EndsWith(sql.Split('\n')[0], StringComparison.Ordinal));

    private static Failure.Refused Refused(ExportResult result) =>
        Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(result).Failure);

    private static ProvisioningPlan.Ready Ready(PlanResult result) =>
        Assert.IsType<ProvisioningPlan.Ready>(Assert.IsType<PlanResult.Planned>(result).Plan);
}
