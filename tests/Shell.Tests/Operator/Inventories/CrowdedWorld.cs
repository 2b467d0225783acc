using System.Text.Json.Nodes;
using Kollect.Core.Collection;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>Worlds with many objects of six kinds, and a target for each kind.</summary>
internal static class CrowdedWorld
{
    private static readonly (string Kind, string Group)[] Kinds =
        [("ConfigMap", ""), ("Deployment", "apps"), ("Job", "batch"), ("Pod", ""), ("Service", ""), ("ServiceAccount", "")];

    /// <summary>Profiles and targets of the six kinds, and the inventory <c>all</c>.</summary>
    public static string Manifests { get; } = string.Concat(Kinds.Select(it =>
        Profile(NameOf(it.Kind), it.Kind, group: it.Group) + Target(NameOf(it.Kind), NameOf(it.Kind)))) + Inventory();

    /// <summary>Name of the target of a kind, e.g. <c>pods</c>.</summary>
    public static string NameOf(string kind) => kind.ToLowerInvariant() + "s";

    /// <summary>
    /// Loads the namespaces, which grant their objects to the targets of the tests, and a number of objects; returns how many objects, without the
    /// namespaces, were loaded.
    /// </summary>
    public static async Task<int> FillAsync(KubernetesServer cluster, int count, int seed = 1)
    {
        await cluster.LoadAsync(ClusterObjects.NamespaceObjects().Select(text => GrantedTo(cluster.Namespace, text)));
        return await cluster.LoadAsync(ClusterObjects.Mixed(count, seed));
    }

    private static string GrantedTo(string targets, string text)
    {
        var @namespace = JsonNode.Parse(text)!;
        @namespace["metadata"]!["annotations"] = new JsonObject { [NamespaceGrants.Annotation] = targets };
        return @namespace.ToJsonString();
    }

    /// <summary>Starts a cluster with a number of objects, a database and an operator, and waits until the table holds all objects.</summary>
    public static async Task<World> StartAsync(int count)
    {
        var world = new World(await KubernetesServer.StartAsync(), await PostgresServer.CreateDatabaseAsync());
        await FillAsync(world.Cluster, count);
        await world.ApplyAsync(Secret(world.Database.Url()), PostgresSink(), Manifests);
        await world.StartOperatorAsync();
        await world.CountsAsync(count);
        return world;
    }

    /// <summary>Waits until the table holds exactly this number of rows.</summary>
    public static Task CountsAsync(this World world, long rows, int seconds = 60) =>
        world.EventuallyAsync(async () => await CountAsync(world) == rows, seconds);

    /// <summary>Number of rows; -1 = there is no table.</summary>
    public static async Task<long> CountAsync(this World world) =>
        await world.Database.ScalarAsync<bool>("select to_regclass('inventory_items') is not null")
            ? await world.Database.ScalarAsync<long>("select count(*) from inventory_items")
            : -1;
}
