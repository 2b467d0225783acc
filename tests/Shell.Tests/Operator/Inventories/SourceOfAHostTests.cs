using Kollect.Core.Collection;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>A host with its own inventory source still uses the operator's schedule, status and cleanup.</summary>
public sealed class SourceOfAHostTests
{
    [Fact]
    public async Task An_incomplete_snapshot_adds_rows_and_deletes_none()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var cluster = await KubernetesServer.StartAsync();
        var source = new HeldSource();
        await using var running = await RunningOperator.StartAsync(cluster, source: source);
        await cluster.ApplyAsync(PostgresSink() + Secret(database.Url()) + Inventory());
        source.Hold(cluster.Namespace, "all", ["api", "web"]);
        await RowsAsync(["api", "web"]);

        source.Hold(cluster.Namespace, "all", ["db"], new SnapshotGate.Incomplete("the other half of the cluster does not answer", IncompleteCause.Trouble));
        await RowsAsync(["api", "db", "web"]);
        await Eventually.HoldsAsync(async () => World.Reason((await cluster.GetAsync("kinv", "all"))["status"], "Ready") == "False/SnapshotIncomplete");

        source.Hold(cluster.Namespace, "all", [], new SnapshotGate.NotYet("being collected again"));
        source.Hold(cluster.Namespace, "all", ["api", "db"]);
        await RowsAsync(["api", "db"]);
        await Eventually.HoldsAsync(async () => World.Reason((await cluster.GetAsync("kinv", "all"))["status"], "Ready") == "True/Synced");

        Task<TimeSpan> RowsAsync(string[] names) => Eventually.HoldsAsync(async () =>
            await database.ScalarAsync<bool>("select to_regclass('inventory_items') is not null")
            && (await database.RowsAsync("select payload->>'name' from inventory_items order by 1", row => row.GetString(0))).SequenceEqual(names));
    }
}
