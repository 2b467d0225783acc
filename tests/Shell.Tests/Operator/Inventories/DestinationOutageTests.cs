using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

public sealed class DestinationOutageTests
{
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
