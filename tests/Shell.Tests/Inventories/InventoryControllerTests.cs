using static Kollect.Shell.Tests.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Inventories;

/// <summary>From a snapshot that a host gives to rows, status and clean-up: PostgreSQL and the API server are what a user would look at.</summary>
public sealed class InventoryControllerTests
{
    [Fact]
    public async Task What_is_collected_becomes_rows()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        await using var running = await Operator.RunningOperator.StartAsync(server);
        await server.ApplyAsync(PostgresSink() + Secret(database.Url()) + Profile() + Target() + Inventory());
        await server.ApplyAsync(string.Concat(Enumerable.Range(0, 20).Select(i => ConfigMap($"map-{i}"))));
        try {
        await Eventually.HoldsAsync(async () => await CountAsync(database) == 20);
        Console.Error.WriteLine((await server.KubectlAsync("delete", "configmap", "map-1", "map-2")).Required);
        await server.ApplyAsync(ConfigMap("map-3", "2"));
        Console.Error.WriteLine(await Eventually.HoldsAsync(async () => await CountAsync(database) == 18));
        Console.Error.WriteLine((await server.KubectlAsync("delete", "kinv", "all")).Required);
        Console.Error.WriteLine(await CountAsync(database));
        } finally { foreach (var l in running.Log) Console.Error.WriteLine(l);
          Console.Error.WriteLine((await server.KubectlAsync("get", "kinv", "-o", "yaml")).Required);
          Console.Error.WriteLine((await server.KubectlAsync("get", "kinv")).Required); }
    }

    private static async Task<long> CountAsync(TestDatabase database)
    {
        try { return await database.ScalarAsync<long>("select count(*) from inventory_items"); } catch (Npgsql.PostgresException) { return -1; }
    }
}
