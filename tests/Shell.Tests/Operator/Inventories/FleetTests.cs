using System.Text.RegularExpressions;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

public sealed partial class FleetTests
{
    /// <summary>Two clusters that were restored from one backup fought for their rows, and both were Synced.</summary>
    [Fact]
    public async Task Labels_that_take_the_rows_from_each_other_are_told_in_condition_and_event()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(
            Restored(), Profile(), Target(), ConfigMap("one"), ConfigMap("two"), Inventory("inventory, restored", spec: "exportMinInterval: 1s"));
        await world.EventuallyAsync(async () => await world.ReasonAsync("Degraded") == "True/RowsContested");
        await world.EventuallyAsync(async () => Contested().IsMatch(await world.KubectlAsync(
            "get", "events.events.k8s.io", "-o", "jsonpath={range .items[*]}{.type} {.reason} {.note}{'\\n'}{end}")));

        // With a table of its own there is nothing to fight for.
        await world.ApplyAsync(Restored("provisioning: {naming: {template: \"items_{cluster}\"}}"));
        await world.HoldsAsync(["one", "two"], "items_west", cluster: "west");
        await world.HoldsAsync(["one", "two"]);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced" && await world.ReasonAsync("Degraded") == "");
    }

    [GeneratedRegex("Warning RowsContested sink .*: rows were taken over from another cluster that exports too: 2 rows of cluster \"(east|west)\"")]
    private static partial Regex Contested();

    private static string Restored(string spec = "") =>
        PostgresSink("restored", spec: spec).Replace("cluster: east", "cluster: west", StringComparison.Ordinal);
}
