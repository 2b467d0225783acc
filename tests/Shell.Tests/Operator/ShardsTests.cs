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

    /// <summary>The Lease of a lost replica ends this long after its last renewal.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    /// <summary>For the look at which the others see that, the new lists and connections, and a busy machine.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task The_shards_of_a_killed_replica_move_within_a_Lease_and_no_scope_has_two_writers()
    {
        await using var world = await StartWorldAsync();
        var inventories = await CreateAsync(world);
        await using var replicas = await Replicas.StartAsync(world.Cluster, Shards, "a", "b", "c");
        await ShareAsync(world, replicas, inventories);
        var (instances, victim) = (await InstancesAsync(world), await HolderAsync(world, 0, Shards));
        var began = DateTime.UtcNow;
        DateTime killed;
        await using (Ticks.Start(world.Cluster))
        {
            await ExportedAsync(world, inventories, began);
            await world.Cluster.ResetRequestsAsync();
            killed = DateTime.UtcNow;
            replicas.Kill(victim);
            await ExportedAsync(world, inventories, killed + Lease, instances[0]);
        }

        await replicas.HoldAsync([1, 2]);
        var pauses = await PausesAsync(world, inventories, instances, began, killed);
        Write($"kill -9 of one of {Shards} replicas, {inventories.Length} inventories in 2 tables; longest pauses by shard", pauses);
        Assert.InRange(pauses[0], Lease - TimeSpan.FromSeconds(3), Lease + Margin); // the last renewal is up to two seconds older than the kill
        Assert.All(pauses[1..], pause => Assert.InRange(pause, TimeSpan.Zero, Margin));

        await SinksAreProtectedAsync(world, inventories);
        var writes = (await world.Cluster.WritesAsync()).Where(it => it is { Resource: "kollectinventories/status", Code: < 400 } && it.User != victim);
        Assert.All(writes.GroupBy(it => it.Name), ofInventory => Assert.Single(ofInventory.Select(it => it.User).Distinct()));
    }

    [Fact]
    public async Task The_shards_of_a_replica_that_stops_move_at_once_and_no_scope_has_two_writers()
    {
        await using var world = await StartWorldAsync();
        var inventories = await CreateAsync(world);
        await using var replicas = await Replicas.StartAsync(world.Cluster, Shards, "a", "b", "c");
        await ShareAsync(world, replicas, inventories);
        var (instances, leaving) = (await InstancesAsync(world), await HolderAsync(world, 0, Shards));
        var began = DateTime.UtcNow;
        DateTime stopped;
        await using (Ticks.Start(world.Cluster))
        {
            await ExportedAsync(world, inventories, began);
            stopped = DateTime.UtcNow;
            await replicas.StopAsync(leaving);
            await ExportedAsync(world, inventories, DateTime.UtcNow, instances[0]);
        }

        var pauses = await PausesAsync(world, inventories, instances, began, stopped);
        Write($"SIGTERM for one of {Shards} replicas, {inventories.Length} inventories in 2 tables; longest pauses by shard", pauses);
        Assert.All(pauses, pause => Assert.InRange(pause, TimeSpan.Zero, Margin));
    }

    private static async Task<World> StartWorldAsync()
    {
        var world = new World(await KubernetesServer.StartAsync(), await PostgresServer.CreateDatabaseAsync());
        await world.ApplyAsync(
            Secret(world.Database.Url()),
            PostgresSink("one"),
            PostgresSink("two").Replace("inventory_items", Second, StringComparison.Ordinal),
            Profile(),
            Target(),
            ConfigMap("first"));
        return world;
    }

    /// <summary>Waits until each replica holds a shard, and all have exported.</summary>
    private static async Task ShareAsync(World world, Replicas replicas, (string Name, string Uid)[] inventories)
    {
        await replicas.HoldAsync([1, 1, 1]);
        foreach (var (name, _) in inventories)
        {
            await world.HoldsAsync(["first"], inventory: name, seconds: 40);
            await world.HoldsAsync(["first"], Second, name, seconds: 40);
        }

        await world.Cluster.ResetRequestsAsync();
    }

    /// <summary>The holder of each shard, as it signs its exports.</summary>
    private static async Task<string[]> InstancesAsync(World world) =>
        [.. await Task.WhenAll(Enumerable.Range(0, Shards).Select(async index =>
            (string)(await world.Cluster.GetAsync("lease", new Shard(index, Shards).LeaseName("kollect-operator")))["spec"]!["holderIdentity"]!))];

    /// <summary>Waits until each scope has been exported after a moment.</summary>
    /// <param name="left">An exporter that does not count.</param>
    private static async Task ExportedAsync(World world, (string Name, string Uid)[] inventories, DateTime since, string left = "")
    {
        var ledger = await LedgerOfScopes.ReadAsync(world.Database, since);
        await Eventually.HoldsAsync(
            async () =>
            {
                ledger = await LedgerOfScopes.ReadAsync(world.Database, since);
                return inventories.All(it => ledger.Of(it.Name) is { Count: 2 } scopes && scopes.All(scope => scope.Any(entry => entry.Exporter != left)));
            },
            60,
            () => Task.FromResult(ledger.ToString()));
    }

    /// <summary>
    /// The longest time without an export, by shard. Fails where a scope has other exporters than the holder of its shard, and in shard 0 its successor.
    /// </summary>
    private static async Task<TimeSpan[]> PausesAsync(
        World world, (string Name, string Uid)[] inventories, string[] instances, DateTime began, DateTime since)
    {
        var ledger = await LedgerOfScopes.ReadAsync(world.Database, began);
        var pauses = new TimeSpan[Shards];
        foreach (var (name, uid) in inventories)
            foreach (var scope in ledger.Of(name))
            {
                var (shard, exporters) = (ShardOf(uid), LedgerOfScopes.Exporters(scope));
                Assert.True(
                    exporters[0] == instances[shard] && (shard == 0 ? exporters is [_, var next] && instances[1..].Contains(next) : exporters.Length == 1),
                    $"{name} of shard {shard}: {string.Join(", ", exporters)}\n{ledger}");
                pauses[shard] = new[] { pauses[shard], LedgerOfScopes.LongestPause(scope, since) }.Max();
            }

        return pauses;
    }

    private static void Write(string what, TimeSpan[] pauses) => TestContext.Current.TestOutputHelper?.WriteLine(
        what + ": " + string.Join(", ", pauses.Select(it => string.Create(CultureInfo.InvariantCulture, $"{it.TotalSeconds:0.0} s"))));

    private static int ShardOf(string uid) => Shard.All(Shards).First(it => it.Owns(uid)).Index;

    /// <summary>A sink stays while inventories of any shard use it, and goes with the rows of the last one.</summary>
    private static async Task SinksAreProtectedAsync(World world, (string Name, string Uid)[] inventories)
    {
        await world.WaitAsync("ConnectionVerified", "one", "kdb");
        await world.WaitAsync("Ready", "configmaps", "ktgt");
        await world.KubectlAsync("delete", "kdb", "one", "--wait=false");
        foreach (var (name, _) in inventories[..^1])
            await world.KubectlAsync("delete", "kinv", name);
        var last = inventories[^1].Name;
        Assert.Equal(["first", "tick"], await world.RowsAsync(inventory: last));
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
