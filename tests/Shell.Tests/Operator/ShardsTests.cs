using System.Diagnostics;
using System.Globalization;
using Kollect.Core.Kubernetes;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Three replicas, each a process, that share three shards, and inventories of every shard.</summary>
public sealed class ShardsTests
{
    private const int Shards = 3;
    private const string Second = "second_items";

    [Fact]
    public async Task The_shards_of_a_killed_replica_move_to_the_others_and_no_scope_has_two_writers()
    {
        await using var world = new World(await KubernetesServer.StartAsync(), await PostgresServer.CreateDatabaseAsync());
        await world.ApplyAsync(
            Secret(world.Database.Url()),
            PostgresSink("one"),
            PostgresSink("two").Replace("inventory_items", Second, StringComparison.Ordinal),
            Profile(),
            Target(),
            ConfigMap("first"));
        var inventories = await CreateAsync(world);
        await using var replicas = await Replicas.StartAsync(world.Cluster, Shards, "a", "b", "c");
        await replicas.HoldAsync([1, 1, 1]);
        await AllHoldAsync(world, inventories, "first");

        await world.Cluster.ResetRequestsAsync();
        var victim = await HolderAsync(world, 0, Shards);
        var untouched = inventories.Where(it => !new Shard(0, Shards).Owns(it.Uid)).ToArray();
        var killed = Stopwatch.StartNew();
        replicas.Kill(victim);
        await world.ApplyAsync(ConfigMap("second"));
        await AllHoldAsync(world, untouched, "first", "second");
        var others = killed.Elapsed;
        await AllHoldAsync(world, inventories, "first", "second");
        var all = killed.Elapsed;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{inventories.Length} inventories, the change after kill -9: in those of the other replicas after {others.TotalSeconds:0.0} s, "
            + $"in all after {all.TotalSeconds:0.0} s"));
        Assert.InRange(all, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)); // a Lease ends 15 s after its last renewal
        await replicas.HoldAsync([1, 2]);

        await SinksAreProtectedAsync(world, inventories);
        var writes = (await world.Cluster.WritesAsync()).Where(it => it is { Resource: "kollectinventories/status", Code: < 400 }).ToArray();
        Assert.DoesNotContain(writes, write => write.User == victim);
        Assert.All(writes.GroupBy(it => it.Name), ofInventory => Assert.Single(ofInventory.Select(it => it.User).Distinct()));
    }

    /// <summary>A sink stays while inventories of any shard use it, and goes with the rows of the last one.</summary>
    private static async Task SinksAreProtectedAsync(World world, (string Name, string Uid)[] inventories)
    {
        await world.WaitAsync("ConnectionVerified", "one", "kdb");
        await world.WaitAsync("Ready", "configmaps", "ktgt");
        await world.KubectlAsync("delete", "kdb", "one", "--wait=false");
        foreach (var (name, _) in inventories[..^1])
            await world.KubectlAsync("delete", "kinv", name);
        var last = inventories[^1].Name;
        Assert.Equal(["first", "second"], await world.RowsAsync(inventory: last));
        Assert.Contains("kollect.dev/sink-in-use", (await world.Cluster.GetAsync("kdb", "one")).ToJsonString(), StringComparison.Ordinal);

        await world.KubectlAsync("delete", "kinv", last);
        await Eventually.HoldsAsync(async () => (await world.Cluster.KubectlAsync("get", "kdb", "one")).ExitCode != 0);
        Assert.Equal(0, await world.CountAsync());
        Assert.Equal(0, await world.Database.ScalarAsync<long>($"select count(*) from {Second}"));
    }

    /// <summary>Inventories of both sinks, until each shard has at least two: the API server chooses their uids.</summary>
    private static async Task<(string Name, string Uid)[]> CreateAsync(World world)
    {
        var created = new List<(string Name, string Uid)>();
        while (Shard.All(Shards).Exists(shard => created.Count(it => shard.Owns(it.Uid)) < 2))
        {
            var name = $"inv-{created.Count}";
            await world.ApplyAsync(Inventory("one, two", name));
            created.Add((name, await UidAsync(world, "kinv", name)));
        }

        return [.. created];
    }

    private static async Task AllHoldAsync(World world, (string Name, string Uid)[] inventories, params string[] names)
    {
        foreach (var (name, _) in inventories)
        {
            await world.HoldsAsync(names, inventory: name, seconds: 40);
            await world.HoldsAsync(names, Second, name, seconds: 40);
        }
    }

    private static async Task<string> UidAsync(World world, string kind, string name) =>
        (string)(await world.Cluster.GetAsync(kind, name))["metadata"]!["uid"]!;

    /// <summary>The user of the replica that renews the Lease of a shard.</summary>
    private static async Task<string> HolderAsync(World world, int shard, int count)
    {
        var renewals = System.Array.Empty<KubernetesWrite>();
        await Eventually.HoldsAsync(async () =>
        {
            var lease = new Shard(shard, count).LeaseName("kollect-operator");
            renewals = [.. (await world.Cluster.WritesAsync()).Where(it => it.Name == lease && it.Code < 400)];
            return renewals.Length > 0;
        });
        return renewals[^1].User;
    }
}
