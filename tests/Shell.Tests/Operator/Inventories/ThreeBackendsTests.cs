using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Shell.Tests.Backends.Conformance;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

public sealed class ThreeBackendsTests
{
    [Fact]
    public async Task One_inventory_gives_equal_rows_in_PostgreSQL_MongoDB_and_BigQuery()
    {
        await using var mongoDb = await MongoDbMirror.CreateAsync();
        await using var bigQuery = await BigQueryMirror.CreateAsync();
        await using var world = await World.StartAsync();
        await world.ApplyAsync(
            Secret(mongoDb.Server.Uri, "mongodb", "uri"),
            Secret(JsonEncodedText.Encode(bigQuery.Credentials).ToString(), "bigquery", "credentials.json"),
            $$"""
            apiVersion: kollect.dev/v1alpha1
            kind: KollectDatabaseSink
            metadata: {name: documents}
            spec: {type: mongodb, cluster: east, mongodb: {databaseRef: {name: mongodb}, database: {{mongoDb.Database}}, collection: inventory_items} }
            ---
            apiVersion: kollect.dev/v1alpha1
            kind: KollectDatabaseSink
            metadata: {name: lake}
            spec:
              type: bigquery
              cluster: east
              endpoint: "{{bigQuery.Server.Endpoint}}"
              bigquery: {secretRef: {name: bigquery}, project: {{bigQuery.Server.Project}}, dataset: {{bigQuery.Dataset}}, table: inventory_items}
            ---

            """,
            Profile(), Target(), Inventory("inventory, documents, lake"),
            ConfigMap("web"), ConfigMap("api", "$where: 1, a.b: \\u00e9 🦊"), ConfigMap("db"));
        await world.EventuallyAsync(
            async () => (string?)(await world.StatusAsync())["sinks"] == "3/3" && (long?)(await world.StatusAsync())["itemCount"] == 3, 40);
        await EqualAsync(world, mongoDb, bigQuery, 3);

        await world.KubectlAsync("delete", "configmap", "api");
        await world.ApplyAsync(ConfigMap("web", "2"), ConfigMap("cache"), ConfigMap("queue"));
        await world.HoldsAsync(["cache", "db", "queue", "web"]);
        await world.EventuallyAsync(async () => (await mongoDb.StoredAsync()).Count == 4 && (await bigQuery.StoredAsync()).Count == 4, 40);
        await world.EventuallyAsync(async () => (string?)(await world.StatusAsync())["sinks"] == "3/3");
        await EqualAsync(world, mongoDb, bigQuery, 4);

        await world.KubectlAsync("delete", "kinv", "all", "--timeout=30s");
        Assert.Equal((0, 0, 0), ((await world.RowsAsync()).Length, (await mongoDb.StoredAsync()).Count, (await bigQuery.StoredAsync()).Count));
    }

    private static async Task EqualAsync(World world, MongoDbMirror mongoDb, BigQueryMirror bigQuery, int count)
    {
        var rows = await world.Database.RowsAsync(
            "select source_uid, resource_namespace, payload::text from inventory_items", row => (row.GetString(0), row.GetString(1), row.GetString(2)));
        Assert.Equal(count, rows.Count);
        foreach (var others in new[] { await mongoDb.StoredAsync(), await bigQuery.StoredAsync() })
        {
            Assert.Equal(count, others.Count);
            foreach (var (uid, ns, payload) in rows)
            {
                var other = Assert.Single(others, it => it.SourceUid == uid);
                Assert.Equal(
                    (world.Cluster.Namespace, "all", "configmaps", "east", ns),
                    (other.InventoryNamespace, other.InventoryName, other.TargetName, other.Cluster, other.ResourceNamespace));
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(payload), JsonNode.Parse(other.Payload)), $"{payload}\n{other.Payload}");
            }
        }
    }
}
