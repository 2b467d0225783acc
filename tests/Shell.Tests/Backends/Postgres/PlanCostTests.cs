using System.Globalization;
using System.Text.Json;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Host.Demo;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>
/// Regression: on a table that was never analyzed the planner took an inventory for two rows, and each batch read all rows of the inventory once
/// for each of its own. What real exports cost is counted in the plans that auto_explain logs: buffers, and rows that any node visited.
/// </summary>
public sealed class PlanCostTests(PlanCostTests.ExplainingServer server) : IClassFixture<PlanCostTests.ExplainingServer>
{
    private const string Columns =
        "inventory_namespace text NOT NULL, inventory_name text NOT NULL, target_name text NOT NULL, source_uid text NOT NULL, "
        + "cluster text NOT NULL DEFAULT '', resource_namespace text NOT NULL DEFAULT '', payload jsonb NOT NULL, exported_at timestamptz NOT NULL";

    private const string Key = "PRIMARY KEY (inventory_namespace, inventory_name, target_name, source_uid)";

    /// <param name="created">SQL before the first row.</param>
    /// <param name="small">SQL when the table holds one row. Autovacuum is off: what no case analyzes is never analyzed.</param>
    /// <param name="filled">SQL when the table holds the inventory.</param>
    [Theory]
    [InlineData(KollectDatabaseSinkMode.Existing, true, Key)]
    [InlineData(KollectDatabaseSinkMode.Existing, false, Key)]
    [InlineData(KollectDatabaseSinkMode.Ensure, true, Key)]
    [InlineData(KollectDatabaseSinkMode.Ensure, false, Key)]
    [InlineData(KollectDatabaseSinkMode.Existing, true, Key, Nothing, Nothing, Analyze)]
    [InlineData(KollectDatabaseSinkMode.Existing, true, Key, Nothing, Analyze)]
    [InlineData(KollectDatabaseSinkMode.Existing, true, Key, Nothing, Nothing, Bloat)]
    [InlineData(KollectDatabaseSinkMode.Ensure, true, Key, Nothing, Nothing, Bloat)]
    [InlineData(KollectDatabaseSinkMode.Existing, true, Key, FurtherIndexes)]
    [InlineData(KollectDatabaseSinkMode.Existing, true, Key + ") PARTITION BY HASH (inventory_name", Partitions)]
    [InlineData(KollectDatabaseSinkMode.Existing, true, "UNIQUE (source_uid, target_name, inventory_name, inventory_namespace)")]
    public async Task The_cost_of_an_export_grows_at_most_linearly_whatever_the_statistics_say(
        KollectDatabaseSinkMode mode, bool skipUnchanged, string key, string created = Nothing, string small = Nothing, string filled = Nothing)
    {
        var thousand = await CostsAsync(mode, skipUnchanged, key, created, small, filled, 1_000);
        var tenThousand = await CostsAsync(mode, skipUnchanged, key, created, small, filled, 10_000);
        Assert.All(tenThousand, it =>
        {
            var (export, cost) = it;
            var before = thousand[export];
            Assert.True(cost.Rows <= 11 * before.Rows, $"{export}: {before} at 1,000 rows, {cost} at 10,000 rows");

            // A larger index is one page higher.
            Assert.True(cost.Buffers <= 15 * before.Buffers, $"{export}: {before} at 1,000 rows, {cost} at 10,000 rows");
        });
    }

    /// <summary>On statistics of a table of one row, then with further indexes, then on statistics of all rows.</summary>
    [Fact]
    public async Task A_difference_reads_the_rows_that_it_writes_and_a_look_each_row_once_whatever_the_statistics_say()
    {
        const int rows = 100_000;
        var database = server.Database;
        await database.ExecuteAsync($"DROP TABLE IF EXISTS inventory_items, kollect_exports CASCADE; CREATE TABLE inventory_items ({Columns}, {Key})");
        var mirror = new PostgresMirror(database) { SkipUnchanged = None };
        await mirror.ExportedAsync(Mirror.Many(1, "1"), inventory: "other");
        await database.ExecuteAsync(Analyze);
        await using var keeper = new SnapshotKeeper(mirror, new SnapshotKeeper.Clock());
        for (var i = 0; i < rows; i++)
            keeper.Put(Uid(i), "1");
        Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());
        foreach (var (changed, state) in new[] { Nothing, FurtherIndexes, Analyze }.Select((it, i) => (i, it)))
        {
            await database.ExecuteAsync(state);
            server.Forget();
            keeper.Put(Uid(changed), "2");
            keeper.Put(Uid(rows + changed), "1");
            keeper.Remove(Uid(rows / 2 + changed));
            var outcome = SnapshotKeeper.Outcome(await keeper.ChangeAsync());
            Assert.Equal((1, 1, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted));
            var difference = server.CostOfExport();
            Assert.True(difference is { Rows: <= 50, Buffers: <= 250, Scans: 0 }, $"{state}: {difference}");

            server.Forget();
            SnapshotKeeper.Outcome(await keeper.RepairAsync());
            Assert.InRange(server.CostOfExport().Rows, rows, rows + 100);

            await database.ExecuteAsync($"UPDATE inventory_items SET payload = '{{}}' WHERE source_uid = '{Uid(changed)}' AND inventory_name = 'all'");
            server.Forget();
            Assert.Equal(1, SnapshotKeeper.Outcome(await keeper.RepairAsync()).Updated);
            Assert.InRange(server.CostOfExport().Rows, rows, 2 * rows + 200);
        }
    }

    private const string Nothing = "SELECT";

    private const string Analyze = "ANALYZE inventory_items";

    private const string Bloat =
        "UPDATE inventory_items SET payload = payload; DELETE FROM inventory_items WHERE source_uid > 'u000100'";

    private const string Partitions =
        "CREATE TABLE p0 PARTITION OF inventory_items FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
        + "CREATE TABLE p1 PARTITION OF inventory_items FOR VALUES WITH (MODULUS 2, REMAINDER 1)";

    // What readers of the table create; the narrow ones seem as good as the identity index where an inventory seems to hold one row.
    private const string FurtherIndexes =
        "CREATE INDEX ON inventory_items (inventory_namespace, inventory_name);"
        + "CREATE INDEX ON inventory_items (inventory_namespace, inventory_name, target_name);"
        + "CREATE INDEX ON inventory_items (cluster, exported_at); CREATE INDEX ON inventory_items (inventory_name, cluster)";

    private async Task<Dictionary<string, Cost>> CostsAsync(
        KollectDatabaseSinkMode mode, bool skipUnchanged, string key, string created, string small, string filled, int rows)
    {
        var database = server.Database;
        await database.ExecuteAsync(
            $"DROP TABLE IF EXISTS inventory_items, kollect_exports CASCADE; CREATE TABLE inventory_items ({Columns}, {key}); {created}");
        var mirror = new PostgresMirror(database) { Mode = mode, SkipUnchanged = skipUnchanged };
        await mirror.ExportedAsync(Mirror.Many(1, "1"));
        await database.ExecuteAsync(small);
        var costs = new Dictionary<string, Cost>(StringComparer.Ordinal);

        async Task ExportAsync(string name, IEnumerable<RowOrRejection> snapshot, string cluster = "west")
        {
            server.Forget();
            await mirror.ExportedAsync(snapshot, at: costs.Count + 1, cluster: cluster);
            costs[name] = server.CostOfExport();
        }

        IEnumerable<RowOrRejection> Changed(int every, string value) =>
            Enumerable.Range(0, rows).Select(i => Mirror.Item(Uid(i), i % every == 0 ? value : "1"));

        await ExportAsync("filled", Changed(rows, "1"), "east");
        await database.ExecuteAsync(filled);
        await ExportAsync("identical", Changed(rows, "1"), "east");
        await ExportAsync("one changed", Changed(rows, "2"), "east");
        await ExportAsync("1 % changed", Changed(100, "3"), "east");
        await ExportAsync("another cluster adopts them", Changed(100, "3"));
        await ExportAsync("half of them stale", Changed(100, "3").Take(rows / 2));
        await ExportAsync("all but one stale", Changed(100, "3").Take(1));
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));
        return costs;
    }

    // In no order of the rows, as the UIDs of Kubernetes are.
    private static string Uid(int number) => $"u{number * 7_919L % 1_000_003:D6}";

    /// <param name="Rows">Rows that the nodes of all plans returned or discarded, times their loops.</param>
    /// <param name="Buffers">Pages of 8 kB that were looked at.</param>
    /// <param name="Scans">Nodes that read a whole table.</param>
    public sealed record Cost(double Rows, double Buffers, int Scans)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} rows, {Buffers:N0} buffers and {Scans} scans");
    }

    /// <summary>A server that logs the plan of every statement as it ran.</summary>
    public sealed class ExplainingServer : IAsyncLifetime
    {
        private PrivatePostgres? postgres;
        private long read;

        public TestDatabase Database { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            postgres = await PostgresServer.StartOwnAsync(
                ("fsync", "off"),
                ("autovacuum", "off"),
                ("jit", "off"),
                ("shared_preload_libraries", "auto_explain"),
                ("auto_explain.log_min_duration", "0"),
                ("auto_explain.log_analyze", "on"),
                ("auto_explain.log_timing", "off"),
                ("auto_explain.log_buffers", "on"),
                ("auto_explain.log_format", "json"));
            Database = new TestDatabase(postgres, "postgres");
        }

        public ValueTask DisposeAsync() => postgres?.DisposeAsync() ?? ValueTask.CompletedTask;

        /// <summary>The next cost begins here.</summary>
        public void Forget() => read = new FileInfo(postgres!.LogFile).Length;

        /// <summary>The plans since <see cref="Forget"/> that read or wrote the table; a server logs a plan before it answers.</summary>
        public Cost CostOfExport()
        {
            using var file = new FileStream(postgres!.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Position = read;
            using var reader = new StreamReader(file);
            var plans = Plans(reader.ReadToEnd())
                .Where(plan => plan.GetProperty("Query Text").GetString()!.Contains("\"inventory_items\"", StringComparison.Ordinal))
                .Select(plan => plan.GetProperty("Plan"))
                .ToList();
            Assert.NotEmpty(plans);
            return new Cost(plans.Sum(Rows), plans.Sum(plan => Number(plan, "Shared Hit Blocks") + Number(plan, "Shared Read Blocks")), plans.Sum(Scans));
        }

        // 2026-11-23 08:30:00.000 UTC [4711] LOG:  duration: 0.215 ms  plan:
        // <tab>{
        // <tab>  "Query Text": "SELECT 1",
        private static IEnumerable<JsonElement> Plans(string log) =>
            from part in log.Split("  plan:\n").Skip(1)
            let json = string.Join('\n', part.Split('\n').TakeWhile(line => line.StartsWith('\t')))
            select JsonDocument.Parse(json).RootElement;

        private static double Rows(JsonElement node) =>
            (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter") + Number(node, "Rows Removed by Join Filter"))
            * Number(node, "Actual Loops")
            + (node.TryGetProperty("Plans", out var children) ? children.EnumerateArray().Sum(Rows) : 0);

        private static int Scans(JsonElement node) =>
            (node.GetProperty("Node Type").GetString() == "Seq Scan" ? 1 : 0)
            + (node.TryGetProperty("Plans", out var children) ? children.EnumerateArray().Sum(Scans) : 0);

        private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var number) ? number.GetDouble() : 0;
    }
}
