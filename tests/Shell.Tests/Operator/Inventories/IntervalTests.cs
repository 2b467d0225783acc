using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

public sealed class IntervalTests
{
    /// <summary>The next export of unchanged content restores a deleted row; an interval of 0s has no such export.</summary>
    [Fact]
    public async Task The_most_specific_interval_decides_when_deleted_rows_are_restored()
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
        string[] restored = ["of-the-inventory", "ref-before-sink", "sink-before-inventory"];
        string[] missing = ["ref-never", "sink-never"];
        foreach (var name in restored.Concat(missing))
            await world.HoldsAsync(["web"], inventory: name);
        await world.EventuallyAsync(async () =>
        {
            var exported = await Task.WhenAll(restored.Concat(missing).Select(async name => (string?)(await world.StatusAsync(name))["sinks"]));
            return exported.All(sinks => sinks == "1/1");
        });

        await world.Database.ExecuteAsync("delete from inventory_items");
        foreach (var round in new[] { 1, 2 })
        {
            foreach (var name in restored)
                await world.HoldsAsync(["web"], inventory: name);
            foreach (var name in missing)
                Assert.Empty(await world.RowsAsync(inventory: name));
            await world.Database.ExecuteAsync($"delete from inventory_items where payload is not null and {round} = 1");
        }

        await world.ApplyAsync(ConfigMap("web", "2"));
        foreach (var name in missing)
            await world.HoldsAsync(["web"], inventory: name);
    }
}
