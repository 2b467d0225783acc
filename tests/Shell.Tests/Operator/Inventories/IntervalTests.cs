using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

public sealed class IntervalTests
{
    /// <summary>A row that somebody deletes comes back with the next export of unchanged content; with 0s there is none.</summary>
    [Fact]
    public async Task The_interval_nearest_to_the_export_repairs_what_others_did_to_the_rows()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(
            PostgresSink("unset"), PostgresSink("never", spec: "exportMinInterval: 0s"), PostgresSink("often", spec: "exportMinInterval: 1s"),
            Profile(), Target(), ConfigMap("web"),
            Inventory("{name: never, exportMinInterval: 1s}", "ref-before-sink", spec: "exportMinInterval: 0s"),
            Inventory("often", "sink-before-inventory", spec: "exportMinInterval: 0s"),
            Inventory("unset", "of-the-inventory", spec: "exportMinInterval: 1s"),
            Inventory("{name: often, exportMinInterval: 0s}", "ref-never", spec: "exportMinInterval: 1s"),
            Inventory("never", "sink-never", spec: "exportMinInterval: 1s"));
        string[] repaired = ["of-the-inventory", "ref-before-sink", "sink-before-inventory"];
        string[] left = ["ref-never", "sink-never"];
        foreach (var name in repaired.Concat(left))
            await world.HoldsAsync(["web"], inventory: name);
        await world.EventuallyAsync(async () =>
        {
            var exported = await Task.WhenAll(repaired.Concat(left).Select(async name => (string?)(await world.StatusAsync(name))["sinks"]));
            return exported.All(sinks => sinks == "1/1");
        });

        await world.Database.ExecuteAsync("delete from inventory_items");
        foreach (var round in new[] { 1, 2 })
        {
            foreach (var name in repaired)
                await world.HoldsAsync(["web"], inventory: name);
            foreach (var name in left)
                Assert.Empty(await world.RowsAsync(inventory: name));
            await world.Database.ExecuteAsync($"delete from inventory_items where payload is not null and {round} = 1");
        }

        await world.ApplyAsync(ConfigMap("web", "2"));
        foreach (var name in left)
            await world.HoldsAsync(["web"], inventory: name);
    }
}
