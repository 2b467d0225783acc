using Kollect.Core.Backends.Postgres;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.Postgres;
using Kollect.Shell.Tests.Backends.Conformance;
using Npgsql;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>
/// Regression: on tables without statistics the planner chose a nested loop over both, and 200,000 rows took minutes. What batches cost:
/// <see cref="PlanCostTests"/>.
/// </summary>
public sealed class PlannerTests
{
    [Fact]
    public async Task No_statement_over_a_whole_table_uses_a_nested_loop_on_tables_without_statistics()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.ExportedAsync(Mirror.Many(3_000, "1"));
        var plan = Plan(mirror);
        await using var source = NpgsqlDataSource.Create(mirror.Database.ConnectionString());
        await using var session = await Session.OpenAsync(source, relay: null, new ServerConnections(), TestContext.Current.CancellationToken);
        foreach (var setting in plan.PlannerSettings)
            await session.ExecuteAsync(ExportStatements.Set, TestContext.Current.CancellationToken, setting.Name, setting.Value);
        await session.ExecuteAsync(plan.Statements.CreateStaging, TestContext.Current.CancellationToken);
        await session.ExecuteAsync(
            "INSERT INTO pg_temp.kollect_staging SELECT target_name, source_uid, '', payload, 1 FROM inventory_items", TestContext.Current.CancellationToken);

        var shared = new RowParameters(plan.Header);
        foreach (var (sql, parameters) in new[]
                 {
                     (plan.Statements.DropDuplicates, System.Array.Empty<object>()),
                     (plan.Statements.CountAdopted, shared.OfScope),
                     (plan.Statements.Upsert(skipUnchanged: true), shared.OfExport),
                     (plan.Statements.DeleteStale, shared.OfScope),
                 })
        {
            var lines = await session.QueryAsync($"EXPLAIN {sql}", row => row.GetString(0), TestContext.Current.CancellationToken, parameters);
            var text = string.Join('\n', lines);
            Assert.Contains("Join", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Nested Loop", text, StringComparison.Ordinal);
        }
    }

    private static ExportPlan Plan(PostgresMirror mirror) => ExportPlan.Of(
        new PostgresSink(
            new SinkSettings("default", "test", mirror.Mode, None, HashMap<string, string>(), true, None, true, "", new TlsSettings(None, None, false), None),
            new SecretRef("default", "dsn"),
            "public",
            "inventory_items"),
        new Desired(new TableName("public", "inventory_items"), mirror.Mode),
        new Observed(new ServerEngine("PostgreSQL 15", 150_000), "15", false, false, "UTF8", true, true, true, true, None),
        new SnapshotHeader(new Scope("platform", "all", "east"), Mirror.Monday.AddMinutes(1), None));
}
