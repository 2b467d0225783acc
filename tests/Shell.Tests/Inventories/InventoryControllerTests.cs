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
        var source = new HeldSource();
        await using var running = await Operator.RunningOperator.StartAsync(server, source: source);
        await server.ApplyAsync(PostgresSink() + Secret(database.Url()) + Inventory());
        source.Hold("default", "all", ["web", "api", "db"]);
        try {
        await Eventually.HoldsAsync(async () => await CountAsync(database) == 3);
        } finally { foreach (var l in running.Log) TestContext.Current.TestOutputHelper!.WriteLine(l); 
          TestContext.Current.TestOutputHelper!.WriteLine((await server.KubectlAsync("get", "kinv", "all", "-o", "yaml")).Required);
          TestContext.Current.TestOutputHelper!.WriteLine((await server.KubectlAsync("get", "kinv")).Required); }
    }

    private static async Task<long> CountAsync(TestDatabase database)
    {
        try { return await database.ScalarAsync<long>("select count(*) from inventory_items"); } catch (Npgsql.PostgresException) { return -1; }
    }
}
