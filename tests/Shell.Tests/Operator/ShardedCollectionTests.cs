using Kollect.Core.Kubernetes;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>What each of several replicas lists and watches: in shard 0 ConfigMaps are exported, in shard 1 Services.</summary>
public sealed class ShardedCollectionTests
{
    private const int Shards = 2;
    private const string First = "configmaps";
    private const string Second = "services";

    [Fact]
    public async Task A_replica_collects_for_its_own_shards_from_the_moment_it_holds_them_until_it_leaves_them()
    {
        await using var world = new World(await KubernetesServer.StartAsync(), await PostgresServer.CreateDatabaseAsync());
        await world.ApplyAsync(
            Namespace("kollect-system"), Secret(world.Database.Url()), PostgresSink(), Profile(),
            Profile("services", "Service", @namespace: "kollect-system"), ConfigMap("first"));
        await CreateInAsync(world, 0, "ktgt", name => Target(name));
        var inventory = await CreateInAsync(world, 0, "kinv", name => Inventory(name: name));
        var target = await CreateInAsync(world, 1, "kctgt", name => ClusterTarget(name));
        await CreateInAsync(world, 1, "kcinv", name => ClusterInventory("{name: inventory, namespace: default}", name, $"targetRefs: [{target}]"));

        await using var replicas = await Replicas.StartAsync(world.Cluster, Shards, "a");
        await replicas.HoldAsync([2]);
        await CollectAsync(world, $"a {First}, a {Second}");
        await replicas.StartAsync("b");
        await replicas.HoldAsync([1, 1]);
        await CollectAsync(world, $"a {First}, b {Second}", $"a {Second}, b {First}");
        await replicas.StartAsync("c");
        Assert.DoesNotContain(await world.Cluster.WatchesAsync(), watch => watch.StartsWith("c ", StringComparison.Ordinal));

        var (lost, other) = await CollectedAsync(world) == $"a {First}, b {Second}" ? ("a", "b") : ("b", "a");
        await world.HoldsAsync(["first"], inventory: inventory);
        replicas.Kill(lost);
        await world.ApplyAsync(ConfigMap("second"));
        await world.HoldsAsync(["first", "second"], inventory: inventory, seconds: 40);

        // The one that takes the free shard first may hold both for a moment, and then gives either away.
        await CollectAsync(world, $"{other} {First}, c {Second}", $"{other} {Second}, c {First}");
    }

    /// <summary>Creates objects until the API server has chosen a uid of the shard for one, and returns its name; the others go.</summary>
    private static async Task<string> CreateInAsync(World world, int shard, string kind, Func<string, string> manifest)
    {
        for (var i = 0; ; i++)
        {
            var name = FormattableString.Invariant($"{kind}-{i}");
            await world.ApplyAsync(manifest(name));
            if (new Shard(shard, Shards).Owns((string)(await world.Cluster.GetAsync(kind, name))["metadata"]!["uid"]!))
                return name;
            await world.KubectlAsync("delete", kind, name);
        }
    }

    private static Task CollectAsync(World world, params string[] expected) =>
        Eventually.HoldsAsync(async () => await CollectedAsync(world) is var now && expected.Any(it => it == now), 20, () => CollectedAsync(world));

    /// <summary>The open watches of collected kinds, as <c>user kind</c>, in ordinal order.</summary>
    private static async Task<string> CollectedAsync(World world) => string.Join(", ", (await world.Cluster.WatchesAsync())
        .Where(it => it.EndsWith(" " + First, StringComparison.Ordinal) || it.EndsWith(" " + Second, StringComparison.Ordinal))
        .Order(StringComparer.Ordinal));
}
