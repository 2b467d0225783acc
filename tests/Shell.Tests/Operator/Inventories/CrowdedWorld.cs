using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>A cluster with objects of six kinds, and targets for each of them.</summary>
internal static class CrowdedWorld
{
    private static readonly (string Kind, string Group)[] Kinds =
        [("ConfigMap", ""), ("Deployment", "apps"), ("Job", "batch"), ("Pod", ""), ("Service", ""), ("ServiceAccount", "")];

    /// <summary>Profiles and targets of the six kinds, and the inventory <c>all</c>.</summary>
    public static string Manifests { get; } = string.Concat(Kinds.Select(it =>
        Profile(NameOf(it.Kind), it.Kind, group: it.Group) + Target(NameOf(it.Kind), NameOf(it.Kind)))) + Inventory();

    /// <summary>Name of the target of a kind.</summary>
    public static string NameOf(string kind) => kind.ToLowerInvariant() + "s";

    /// <summary>Loads so many objects, and those that real projects publish where they are at hand. How many there are.</summary>
    public static async Task<int> FillAsync(KubernetesServer cluster, int count, int seed = 1)
    {
        await cluster.LoadAsync(ClusterObjects.NamespaceObjects());
        return await cluster.LoadAsync(ClusterObjects.Mixed(count, seed));
    }

    /// <summary>Cluster, database and operator, with so many objects in all three; the interval is long, so that every export has a reason.</summary>
    public static async Task<World> StartAsync(int count)
    {
        var world = new World(await KubernetesServer.StartAsync(), await PostgresServer.CreateDatabaseAsync());
        await FillAsync(world.Cluster, count);
        await world.ApplyAsync(Secret(world.Database.Url()), PostgresSink(), Manifests);
        await world.StartOperatorAsync();
        await world.CountsAsync(count);
        return world;
    }

    /// <summary>Awaits that the table holds so many rows.</summary>
    public static Task CountsAsync(this World world, long rows, int seconds = 60) => world.EventuallyAsync(async () => await CountAsync(world) == rows, seconds);

    public static async Task<long> CountAsync(this World world) =>
        await world.Database.ScalarAsync<bool>("select to_regclass('inventory_items') is not null") ? await world.Database.ScalarAsync<long>("select count(*) from inventory_items") : -1;
}
