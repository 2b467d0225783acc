using System.Globalization;
using System.Text;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Secrets;
using Kollect.Core.Snapshots;
using Kollect.Operator;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using Kollect.Shell.Tests.Backends;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>What the operator sends to a destination that keeps a ledger, as rows, ledger and requests show it.</summary>
public sealed class DifferenceTests
{
    private const string Scope = "inventory_name = 'all' and cluster = 'east'";

    [Fact]
    public async Task A_change_is_one_row_without_a_request_to_the_API_server()
    {
        await using var world = await StartAsync("exportMinInterval: 0s", RunningOperator.Alone with { SecretInterval = TimeSpan.FromHours(24) });
        // The first export has created what the first probe found missing.
        await world.EventuallyAsync(async () => (await world.Cluster.JsonPathAsync("kdb", "inventory", "{.status.conditions[*].message}"))
            .Contains("has the columns", StringComparison.Ordinal));
        for (var i = 1; i <= 3; i++)
        {
            var before = await RowsAsync(world);
            await world.Cluster.ResetRequestsAsync();
            await world.ApplyAsync(ConfigMap("web", $"{i + 1}"));
            var value = FormattableString.Invariant($"{i + 1}");
            Assert.InRange(
                await Eventually.HoldsAsync(async () => await ValueAsync(world, "web") == value, 10), TimeSpan.Zero, TimeSpan.FromSeconds(5));
            Assert.Equal("items 3, inserted 0, updated 1, deleted 0", await EntryAsync(world));
            Assert.Equal(before.Where(row => row.Key != "web"), (await RowsAsync(world)).Where(row => row.Key != "web"));
            var (counts, _) = await world.Cluster.RequestsAsync();
            Assert.DoesNotContain(counts, it => it.Key.EndsWith("get secrets", StringComparison.Ordinal));
        }

        await world.KubectlAsync("delete", "configmap", "api");
        await world.HoldsAsync(["db", "web"]);
        Assert.Equal("items 2, inserted 0, updated 0, deleted 1", await EntryAsync(world));
        await world.EventuallyAsync(async () => (long)(await world.StatusAsync())["itemCount"]! == 2);
    }

    [Fact]
    public async Task A_look_repairs_what_others_wrote_and_touches_nothing_else()
    {
        await using var world = await StartAsync("exportMinInterval: 1s");
        var before = await RowsAsync(world);
        await world.Database.ExecuteAsync(
            """
            update inventory_items set payload = '{"name": "web", "forged": true}' where payload->>'name' = 'web';
            delete from inventory_items where payload->>'name' = 'api';
            insert into inventory_items (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
              select inventory_namespace, inventory_name, target_name, 'foreign', cluster, resource_namespace, '{"name": "foreign"}', exported_at
              from inventory_items where payload->>'name' = 'db';
            """);
        await world.HoldsAsync(["api", "db", "web"]);
        await world.EventuallyAsync(async () => await ValueAsync(world, "web") == "1");
        Assert.Equal(before["db"], (await RowsAsync(world))["db"]);

        await world.Database.ExecuteAsync("truncate inventory_items");
        await world.HoldsAsync(["api", "db", "web"]);
    }

    [Fact]
    public async Task After_another_writer_the_next_change_is_exported_in_full()
    {
        await using var world = await StartAsync("exportMinInterval: 0s");
        await ExportAsOtherAsync(world, "stranger");
        await world.HoldsAsync(["stranger"]);
        await world.ApplyAsync(ConfigMap("web", "2"));
        await world.HoldsAsync(["api", "db", "web"]);
        Assert.Contains(world.Operator!.Log, line => line.Contains("exported in full, because the destination does not hold", StringComparison.Ordinal));
        await world.ApplyAsync(ConfigMap("web", "3"));
        await Eventually.HoldsAsync(async () => await ValueAsync(world, "web") == "3");
        Assert.Equal("items 3, inserted 0, updated 1, deleted 0", await EntryAsync(world));
    }

    [Fact]
    public async Task A_restart_without_a_change_writes_no_row()
    {
        await using var world = await StartAsync("exportMinInterval: 10m");
        var before = await RowsAsync(world);
        var exported = await world.Database.ScalarAsync<long>("select count(*) from kollect_exports");
        await world.StopOperatorAsync();
        var stopped = await world.Database.ScalarAsync<DateTime>("select clock_timestamp()");
        await world.StartOperatorAsync();
        await world.EventuallyAsync(async () =>
            await world.Database.ScalarAsync<DateTime>($"select max(verified_at) from kollect_exports where {Scope}") > stopped);
        Assert.Equal(before, await RowsAsync(world));
        Assert.Equal(exported, await world.Database.ScalarAsync<long>("select count(*) from kollect_exports"));
        Assert.DoesNotContain(world.Operator!.Log, line => line.Contains("exported in full", StringComparison.Ordinal));

        await world.ApplyAsync(ConfigMap("web", "2"));
        await Eventually.HoldsAsync(async () => await ValueAsync(world, "web") == "2");
        Assert.Equal("items 3, inserted 0, updated 1, deleted 0", await EntryAsync(world));
    }

    [Fact]
    public async Task A_requested_export_compares_all_rows_once()
    {
        await using var world = await StartAsync("exportMinInterval: 0s");
        await world.Database.ExecuteAsync("delete from inventory_items where payload->>'name' = 'api'");
        for (var round = 0; round < 2; round++)
        {
            await world.Database.ExecuteAsync("delete from inventory_items where payload->>'name' = 'web'");
            await world.Cluster.AnnotateAsync("kinv", "all", "kollect.dev/export-now=true");
            await world.HoldsAsync(["api", "db", "web"]);
            await world.EventuallyAsync(async () => !(await AnnotationsAsync(world)).Contains("export-now", StringComparison.Ordinal));
        }
    }

    /// <summary>Three objects, exported, with the status of that.</summary>
    private static async Task<World> StartAsync(string spec, OperatorOptions? options = null)
    {
        var world = await World.StartAsync(options);
        await world.ApplyAsync(Profile(), Target(), ConfigMap("api"), ConfigMap("db"), ConfigMap("web"), Inventory(spec: spec));
        await world.HoldsAsync(["api", "db", "web"]);
        await world.EventuallyAsync(async () => (string?)(await world.StatusAsync())["sinkExports"]?[0]?["exportedAt"] is not null);
        return world;
    }

    private static async Task<string> AnnotationsAsync(World world) => await world.Cluster.JsonPathAsync("kinv", "all", "{.metadata.annotations}");

    /// <summary>The version of each row, by the name of its object: it differs after every write.</summary>
    private static async Task<SortedDictionary<string, string>> RowsAsync(World world) => new(
        (await world.Database.RowsAsync(
            "select payload->>'name', xmin::text || ' ' || ctid::text from inventory_items", row => (row.GetString(0), row.GetString(1))))
        .ToDictionary(row => row.Item1, row => row.Item2),
        StringComparer.Ordinal);

    private static async Task<string> ValueAsync(World world, string name) => await world.Database.ScalarAsync<string>(
        $"select coalesce(payload->'attributes'->'resource'->'data'->>'value', '') from inventory_items where payload->>'name' = '{name}'");

    private static async Task<string> EntryAsync(World world) => (await world.Database.RowsAsync(
        $"select items, inserted, updated, deleted from kollect_exports where {Scope} order by exported_at desc limit 1",
        row => string.Create(
            CultureInfo.InvariantCulture,
            $"items {row.GetInt64(0)}, inserted {row.GetInt64(1)}, updated {row.GetInt64(2)}, deleted {row.GetInt64(3)}"))).Single();

    /// <summary>As a second operator by mistake: the same scope, other objects.</summary>
    private static async Task ExportAsOtherAsync(World world, string name)
    {
        var sink = SinkObject.Read(Encoding.UTF8.GetBytes((await world.Cluster.GetAsync("kdb", "inventory")).ToJsonString()))
            .Spec.Match(Right: it => it, Left: problems => throw new InvalidOperationException(problems.ToString()));
        var secret = sink.ConnectionSecret.Match(it => it, () => throw new InvalidOperationException("no Secret"));
        var data = new SecretData(secret, HashMap(("url", new SecretText(world.Database.Url()))), HashMap<string, string>());
        var item = new CollectedItem("configmaps", $"uid-{name}", "default", Encoding.UTF8.GetBytes(
            $$"""{"targetName":"configmaps","name":"{{name}}","version":"v1","kind":"ConfigMap","uid":"uid-{{name}}","attributes":{} }"""));
        var header = new SnapshotHeader(new Scope(world.Cluster.Namespace, "all", "east"), Envelope.WholeMilliseconds(DateTimeOffset.UtcNow), None);
        var guard = new DialGuard(new DialPolicy(AllowLoopback: true, DenyPrivate: false));
        var result = await SnapshotExport.RunAsync(
            AllBackends.Open(_ => data, guard), sink, header, [item], dryRun: false, progress: null, TestContext.Current.CancellationToken);
        Assert.IsType<ExportResult.Exported>(result);
    }
}
