using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

public sealed class DestinationOutageTests
{
    /// <summary>After ten attempts that failed the next one came ten minutes later.</summary>
    [Fact]
    public async Task A_sink_that_no_inventory_uses_is_ready_again_soon_after_its_server_is_back()
    {
        await using var world = await World.StartAsync();
        var url = new Uri(world.Database.Url());
        await using var relay = new Relay(url.Port);
        relay.GoDown();
        await world.ApplyAsync(
            Secret(new UriBuilder(url) { Host = "127.0.0.1", Port = relay.Port }.Uri.AbsoluteUri, "relayed"), PostgresSink("relayed", "relayed"));
        await world.EventuallyAsync(() => Task.FromResult(relay.Refused >= 4), 60);
        Assert.Equal("False", await ReadyAsync());

        relay.ComeBack();
        Assert.InRange(await Eventually.HoldsAsync(async () => await ReadyAsync() == "True", 30), TimeSpan.Zero, TimeSpan.FromSeconds(20));

        Task<string> ReadyAsync() => world.Cluster.JsonPathAsync("kdb", "relayed", """{.status.conditions[?(@.type=="Ready")].status}""");
    }

    /// <summary>The ledger tells that the destination holds the snapshot from before the outage.</summary>
    [Fact]
    public async Task After_an_outage_only_what_has_changed_is_sent()
    {
        await using var world = await World.StartAsync();
        var url = new Uri(world.Database.Url());
        await using var relay = new Relay(url.Port);
        await world.ApplyAsync(
            Secret(new UriBuilder(url) { Host = "127.0.0.1", Port = relay.Port }.Uri.AbsoluteUri, "relayed"),
            PostgresSink("relayed", "relayed", "connectionTest: false"),
            Profile(), Target(), ConfigMap("one"), ConfigMap("two"), Inventory("relayed", spec: "exportMinInterval: 0s"));
        await world.HoldsAsync(["one", "two"]);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced");
        relay.GoDown();
        await world.ApplyAsync(ConfigMap("three"));
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") != "True/Synced", 40);
        // An export in full would delete it.
        await world.Database.ExecuteAsync(
            """
            insert into inventory_items (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
              select inventory_namespace, inventory_name, target_name, 'foreign', cluster, resource_namespace, '{"name": "foreign"}', exported_at
              from inventory_items where payload->>'name' = 'one'
            """);
        relay.ComeBack();
        await world.HoldsAsync(["foreign", "one", "three", "two"]);
        Assert.DoesNotContain(world.Operator!.Log, line => line.Contains("exported in full", StringComparison.Ordinal));
    }

    /// <summary>Three attempts failed within 15 s, and the next one came 20 s later; with a long outage, ten minutes later.</summary>
    [Fact]
    public async Task A_server_that_is_back_is_written_to_within_seconds_and_was_tried_by_one_connection_at_a_time()
    {
        await using var world = await World.StartAsync();
        var url = new Uri(world.Database.Url());
        await using var relay = new Relay(url.Port);
        await world.ApplyAsync(
            Secret(new UriBuilder(url) { Host = "127.0.0.1", Port = relay.Port }.Uri.AbsoluteUri, "relayed"),
            PostgresSink("relayed", "relayed", "connectionTest: false"),
            Profile(), Target(), ConfigMap("one"),
            Inventory("relayed", "a"), Inventory("relayed", "b"), Inventory("relayed", "c"));
        foreach (var name in new[] { "a", "b", "c" })
            await world.HoldsAsync(["one"], inventory: name);

        relay.GoDown();
        await world.ApplyAsync(ConfigMap("two"));
        foreach (var name in new[] { "a", "b", "c" })
            await world.EventuallyAsync(async () => await world.ReasonAsync("Ready", name: name) != "True/Synced", 40);
        var (before, watch) = (relay.Refused, System.Diagnostics.Stopwatch.StartNew());
        await Eventually.HoldsAsync(() => Task.FromResult(watch.Elapsed > TimeSpan.FromSeconds(15)), 30);
        Assert.InRange(relay.Refused - before, 2, 10);

        relay.ComeBack();
        foreach (var name in new[] { "a", "b", "c" })
            Assert.InRange(await world.HoldsAsync(["one", "two"], inventory: name), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        foreach (var name in new[] { "a", "b", "c" })
            await world.EventuallyAsync(async () => await world.ReasonAsync("Ready", name: name) == "True/Synced");
    }
}
