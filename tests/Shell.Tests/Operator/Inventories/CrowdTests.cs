using System.Diagnostics;
using System.Globalization;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>A cluster of 10,000 objects, an interval of 30 s, and the operator as a process of its own.</summary>
public sealed class CrowdTests
{
    private const int Objects = 10_000;
    private const int Changed = 200;

    [Fact]
    public async Task Changes_among_10_000_objects_show_within_5_s_and_nothing_is_written_in_between()
    {
        await using var world = new World(await KubernetesServer.StartAsync(), await PostgresServer.CreateDatabaseAsync());
        using var account = await OperatorAccount.CreateAsync(world.Cluster);
        await CrowdedWorld.FillAsync(world.Cluster, Objects);
        var published = SharedData.Find("items.ndjson") is null ? 0 : await world.Cluster.LoadAsync(ClusterObjects.Published());
        await using var program = await OperatorProgram.StartAsync(
            account.Kubeconfig, 0, "--leader-election-namespace", "default", "--targets-across-namespaces");
        var applied = Stopwatch.StartNew();
        await world.ApplyAsync(Secret(world.Database.Url()), PostgresSink(spec: "options: {skip_unchanged: \"true\"}"), CrowdedWorld.Manifests);
        await world.CountsAsync(Objects + published, 120);
        var arrived = applied.Elapsed;

        await world.Cluster.LoadAsync(ClusterObjects.Of("ConfigMap", Changed, seed: 2));
        var created = await Eventually.HoldsAsync(async () => await world.CountAsync() == Objects + published + Changed);
        await world.Cluster.LoadAsync(ClusterObjects.Of("ConfigMap", Changed, seed: 2, revision: 1));
        var changed = await Eventually.HoldsAsync(async () => await RevisedAsync(world) == Changed);
        await world.Cluster.RemoveAsync(ClusterObjects.Of("ConfigMap", Changed, seed: 2));
        var removed = await Eventually.HoldsAsync(async () => await world.CountAsync() == Objects + published);
        Assert.All([created, changed, removed], time => Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromSeconds(5)));

        await BetweenExportsAsync(world, account.User);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Objects + published} objects: in the table {arrived.TotalSeconds:0.0} s after kubectl apply; "
            + $"{Changed} created, changed, removed: in the table after "
            + $"{created.TotalSeconds:0.0}, {changed.TotalSeconds:0.0}, {removed.TotalSeconds:0.0} s; "
            + $"peak memory {program.PeakMemory >> 20} MiB, {program.ProcessorTime.TotalSeconds:0.0} s of processor time"));
    }

    /// <summary>
    /// Waits until every status counts what is there, and for a look after the interval. Nothing is written to the API server or the table in the 20 s
    /// after it.
    /// </summary>
    private static async Task BetweenExportsAsync(World world, string user)
    {
        await world.EventuallyAsync(
            async () => await world.CountAsync() is var rows && await CollectedAsync(world) == rows && await ReportedAsync(world) == rows, 45);
        var last = await LastLookAsync(world);
        await Eventually.HoldsAsync(async () => await LastLookAsync(world) != last, 45);
        await world.Cluster.ResetRequestsAsync();
        var rows = await WrittenAsync(world);
        await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken); // no event marks that nothing was written
        Assert.Equal(rows, await WrittenAsync(world));
        // A leader renews its Lease.
        Assert.DoesNotContain(await world.Cluster.WritesAsync(), write => write.User == user && !write.Resource.StartsWith("leases", StringComparison.Ordinal));
    }

    private static async Task<long> CollectedAsync(World world) =>
        (await world.KubectlAsync("get", "ktgt", "-o", "jsonpath={.items[*].status.itemCount}"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Sum(count => long.Parse(count, CultureInfo.InvariantCulture));

    private static async Task<long> ReportedAsync(World world) => (long)(await world.StatusAsync())["itemCount"]!;

    private static Task<string> LastLookAsync(World world) => world.Database.ScalarAsync<string>("select max(verified_at)::text from kollect_exports");

    private static Task<long> RevisedAsync(World world) => world.Database.ScalarAsync<long>(
        "select count(*) from inventory_items where payload->'attributes'->'resource'->'data'->>'revision' = '1'");

    // Each write gives a row another place and another transaction. The server's own counts are late where a connection is kept.
    private static Task<string> WrittenAsync(World world) => world.Database.ScalarAsync<string>(
        "select concat_ws('/', (select count(*) from kollect_exports), count(*), sum(hashtext(concat(ctid, xmin)))) from inventory_items");
}
