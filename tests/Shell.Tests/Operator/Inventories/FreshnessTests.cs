using System.Globalization;
using Kollect.Shell.Tests.Telemetry;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>How fresh the rows are, as kubectl, the metrics and the view of the database say it.</summary>
public sealed class FreshnessTests
{
    private static readonly (string Sink, string Table)[] Sinks = [("inventory", "inventory_items"), ("relayed", "second_items")];

    [Fact]
    public async Task Status_metrics_and_view_agree_within_a_second_also_while_a_sink_fails()
    {
        await using var world = await World.StartAsync();
        var url = new Uri(world.Database.Url());
        await using var relay = new Relay(url.Port);
        await world.ApplyAsync(
            Secret(new UriBuilder(url) { Host = "127.0.0.1", Port = relay.Port }.Uri.AbsoluteUri, "relayed"),
            PostgresSink("relayed", "relayed", "provisioning: {naming: {template: second_items}}"),
            Profile(), Target(), ConfigMap("one"), Inventory("inventory, relayed", spec: "exportMinInterval: 1s"));
        await world.WaitAsync("Synced");
        foreach (var (_, table) in Sinks)
            await world.HoldsAsync(["one"], table);
        await AgreeAsync(world);
        Assert.Equal((1, 1), (Metric(world, "kollect_sink_ready", "relayed"), Metric(world, "kollect_inventory_items", "relayed")));

        // Looks verify the rows and write no status.
        var (version, before) = (await VersionAsync(), await ViewAsync(world, "second_items"));
        await world.EventuallyAsync(async () => (await ViewAsync(world, "second_items")).Verified > before.Verified.AddSeconds(2));
        Assert.Equal((version, before.Success), (await VersionAsync(), (await ViewAsync(world, "second_items")).Success));

        relay.GoDown();
        await world.ApplyAsync(ConfigMap("two"));
        await world.HoldsAsync(["one", "two"]);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Synced", "relayed") == "False/ExportFailed", 40);
        await world.EventuallyAsync(async () => await StatusAsync(world, "inventory") > before.Success.AddSeconds(1));
        await AgreeAsync(world);
        var failing = await ViewAsync(world, "second_items");
        Assert.Equal(before.Success, failing.Success);
        Assert.Equal(Unix(failing.Verified), Metric(world, "kollect_inventory_last_verified_timestamp_seconds", "relayed"), 1.0);
        Assert.True((await ViewAsync(world, "inventory_items")).Success > failing.Success.AddSeconds(2));
        Assert.Equal(1, Metric(world, "kollect_inventory_items", "relayed"));
        Assert.Equal(2, Metric(world, "kollect_inventory_items", "inventory"));

        relay.ComeBack();
        await world.HoldsAsync(["one", "two"], "second_items");
        await world.WaitAsync("Synced");
        await world.EventuallyAsync(async () => await StatusAsync(world, "relayed") > before.Success.AddSeconds(1));
        await AgreeAsync(world);

        await world.KubectlAsync("delete", "kinv", "all", "--timeout=30s");
        await world.EventuallyAsync(() => Task.FromResult(!world.Operator!.Metrics().Contains("inventory=\"all\"", StringComparison.Ordinal)));

        async Task<string> VersionAsync() => await world.Cluster.JsonPathAsync("kinv", "all", "{.metadata.resourceVersion}");
    }

    private static async Task AgreeAsync(World world)
    {
        var oldest = DateTimeOffset.MaxValue;
        foreach (var (sink, table) in Sinks)
        {
            var (view, status) = ((await ViewAsync(world, table)).Success, await StatusAsync(world, sink));
            Assert.InRange((view - status).TotalSeconds, 0, 1);
            Assert.Equal(Unix(view), Metric(world, "kollect_inventory_last_success_timestamp_seconds", sink), 1.0);
            oldest = status < oldest ? status : oldest;
        }

        var wide = await world.KubectlAsync("get", "kinv", "all", "-o", "wide");
        Assert.Contains("LAST SUCCESS", wide, StringComparison.Ordinal);
        Assert.Contains(oldest.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), wide, StringComparison.Ordinal);
        Assert.Contains((string)(await world.StatusAsync())["nextExportTime"]!, wide, StringComparison.Ordinal);
    }

    private static async Task<(DateTimeOffset Success, DateTimeOffset Verified)> ViewAsync(World world, string table) =>
        (await world.Database.RowsAsync(
            $"select exported_at, verified_at from kollect_freshness where table_name = '{table}' and inventory_name = 'all' and age >= interval '0'",
            row => (new DateTimeOffset(row.GetDateTime(0)), new DateTimeOffset(row.GetDateTime(1))))).Single();

    private static async Task<DateTimeOffset> StatusAsync(World world, string sink) => DateTimeOffset.Parse(
        (string)(await world.StatusAsync())["sinkExports"]!.AsArray().Single(it => (string?)it!["name"] == sink)!["lastSuccessTime"]!,
        CultureInfo.InvariantCulture);

    private static double Metric(World world, string name, string sink)
    {
        var printed = Exposition.Read(world.Operator!.Metrics());
        return printed[printed.Samples.Single(it =>
            it.StartsWith(name + "{", StringComparison.Ordinal) && it.Contains($"sink=\"{world.Cluster.Namespace}/{sink}\"", StringComparison.Ordinal))];
    }

    private static double Unix(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}
