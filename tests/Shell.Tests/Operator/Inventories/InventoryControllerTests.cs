using Kollect.Operator;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>Inventories from creation to deletion, through kubectl and SQL.</summary>
public sealed class InventoryControllerTests
{
    private static readonly OperatorOptions RarelyReads = RunningOperator.Alone with { SecretInterval = TimeSpan.FromHours(24) };
    private static readonly OperatorOptions ShortTimeout = RunningOperator.Alone with { CleanupTimeout = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task Objects_in_the_cluster_become_rows_and_the_rows_follow_their_changes()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(Profile(), Target(), Inventory(), ConfigMap("api"), ConfigMap("web"));
        await world.HoldsAsync(["api", "web"]);
        await world.WaitAsync("Synced");
        Golden.Verify(SinkControllerTests.Ageless(await world.KubectlAsync("get", "kinv,ktgt")), "kubectl/get-kinv.txt");
        // The first probe found no table; the first export has created it.
        await world.Cluster.WaitAsync("kdb", "inventory", "jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}=ConnectionOK", seconds: 5);
        await world.EventuallyAsync(async () => (await world.Cluster.JsonPathAsync("kdb", "inventory", "{.status.conditions[?(@.type==\"Ready\")].message}"))
            .Contains("inventory_items\" has the columns", StringComparison.Ordinal));

        await world.ApplyAsync(ConfigMap("db"), ConfigMap("web", "2"));
        await world.KubectlAsync("delete", "configmap", "api");
        Assert.InRange(await world.HoldsAsync(["db", "web"]), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal("2", await world.Database.ScalarAsync<string>(
            "select payload->'attributes'->'resource'->'data'->>'value' from inventory_items where payload->>'name' = 'web'"));
        await world.EventuallyAsync(async () => (long)(await world.StatusAsync())["itemCount"]! == 2);

        // A count alone: a person who looks at it waits no half a minute.
        await world.ApplyAsync(ConfigMap("cache"));
        await world.Cluster.WaitAsync("ktgt", "configmaps", "jsonpath={.status.itemCount}=3", seconds: 5);
    }

    [Fact]
    public async Task A_deleted_inventory_removes_its_own_rows_only()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(
            Profile(), Target(), Inventory(), Inventory(name: "other"), Inventory(name: "kept", annotations: "kollect.dev/reclaim: retain"),
            ConfigMap("web"));
        foreach (var name in new[] { "all", "other", "kept" })
            await world.HoldsAsync(["web"], inventory: name);
        await world.KubectlAsync("delete", "kinv", "all", "kept", "--timeout=15s");
        Assert.Empty(await world.RowsAsync());
        Assert.Single(await world.RowsAsync(inventory: "other"));
        Assert.Single(await world.RowsAsync(inventory: "kept"));
        var events = await world.KubectlAsync(
            "get", "events.events.k8s.io", "-o", "jsonpath={range .items[*]}{.regarding.name} {.type} {.reason}{'\\n'}{end}");
        Assert.Contains("all Normal RowsRemoved", events);
        Assert.Contains("kept Normal RowsRetained", events);
    }

    [Fact]
    public async Task Rows_follow_a_switched_table_a_renamed_label_and_a_dropped_ref()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(Profile(), Target(), Inventory(), ConfigMap("web"));
        await world.HoldsAsync(["web"]);

        await world.KubectlAsync("patch", "kdb", "inventory", "--type=merge", "-p", """{"spec":{"postgres":{"table":"moved"}}}""");
        await world.HoldsAsync(["web"], "moved");
        await world.HoldsAsync([]);

        await world.KubectlAsync("patch", "kdb", "inventory", "--type=merge", "-p", """{"spec":{"cluster":"west"}}""");
        await world.HoldsAsync(["web"], "moved", cluster: "west");
        await world.HoldsAsync([], "moved");

        await world.KubectlAsync("patch", "kinv", "all", "--type=merge", "-p", """{"spec":{"databaseSinkRefs":[]}}""");
        await world.HoldsAsync([], "moved", cluster: "west");
        await world.EventuallyAsync(async () => (await world.StatusAsync())["destinations"] is null && await world.ReasonAsync("Ready") == "True/NoSinks");
    }

    [Fact]
    public async Task A_rotated_Secret_is_used_at_once()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(Profile(), Target(), Inventory(spec: "exportMinInterval: 0s"), ConfigMap("web"));
        await world.HoldsAsync(["web"]);
        var other = await PostgresServer.CreateDatabaseAsync();
        await world.ApplyAsync(Secret(other.Url()));
        await world.EventuallyAsync(async () =>
            await other.ScalarAsync<bool>("select to_regclass('inventory_items') is not null")
            && await other.ScalarAsync<long>("select count(*) from inventory_items") == 1);
    }

    /// <summary>The interval of reading Secrets never delays a rotation: each export reads them.</summary>
    [Fact]
    public async Task An_export_uses_the_Secret_as_it_is_then()
    {
        await using var world = await World.StartAsync(RarelyReads);
        await world.ApplyAsync(Profile(), Target(), Inventory(spec: "exportMinInterval: 1s"), ConfigMap("web"));
        await world.HoldsAsync(["web"]);
        var other = await PostgresServer.CreateDatabaseAsync();
        await world.ApplyAsync(Secret(other.Url()));
        await world.EventuallyAsync(
            async () => await other.ScalarAsync<bool>("select to_regclass('inventory_items') is not null")
                && await other.ScalarAsync<long>("select count(*) from inventory_items") == 1,
            seconds: 10);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Synced") == "True/Synced");
    }

    [Fact]
    public async Task A_corrected_Secret_ends_a_refusal_within_seconds_whatever_the_interval()
    {
        await using var world = await World.StartAsync(RarelyReads, sinkSpec: "connectionTest: false");
        await world.ApplyAsync(
            [Secret(world.Database.Url("nobody", "wrong")), Profile(), Target(), Inventory(spec: "exportMinInterval: 0s"), ConfigMap("web")]);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "False/ExportRefused");
        await world.ApplyAsync(Secret(world.Database.Url()));
        await world.HoldsAsync(["web"], seconds: 10);
    }

    [Fact]
    public async Task A_deleted_sink_or_namespace_does_not_block_a_deletion()
    {
        await using var world = await World.StartAsync(ShortTimeout with { TargetsAcrossNamespaces = true }, needs: "an operator over all namespaces");
        await world.ApplyAsync(Namespace("team"));
        await world.ApplyAsync(
            Secret(world.Database.Url(), @namespace: "team"), PostgresSink(@namespace: "team"),
            Profile(@namespace: "team"), Target(@namespace: "team"), Inventory(@namespace: "team"),
            Profile(), Target(), Inventory(), ConfigMap("web"));
        await world.HoldsAsync(["web", "web"]);

        await world.KubectlAsync("delete", "kdb", "inventory", "--wait=false");
        await world.EventuallyAsync(async () => await SinkControllerTests.ReasonAsync(world.Cluster, "inventory") == "InUse");
        Assert.Equal(2, (await world.RowsAsync()).Length);
        await world.KubectlAsync("delete", "kinv", "all", "--timeout=30s");
        await world.Cluster.WaitAsync("kdb", "inventory", "delete");
        Assert.Single(await world.RowsAsync());

        await world.KubectlAsync("delete", "namespace", "team", "--timeout=30s");
        Assert.Empty(await world.RowsAsync());
    }

    [Fact]
    public async Task A_cluster_inventory_uses_a_sink_in_kollect_system()
    {
        await using var world = await World.StartAsync(needs: "an operator over all namespaces");
        await world.ApplyAsync(
            Namespace("kollect-system"), Namespace("shop", "team: a"), Namespace("lab"));
        await world.ApplyAsync(
            Secret(world.Database.Url(), @namespace: "kollect-system"), PostgresSink("warehouse", @namespace: "kollect-system"),
            Profile(@namespace: "kollect-system"), ClusterTarget("configmaps", "configmaps"),
            ClusterInventory("{name: warehouse, namespace: kollect-system}", spec: "namespaceSelector: {matchLabels: {team: a}}"),
            ConfigMap("web", @namespace: "shop"), ConfigMap("rat", @namespace: "lab"));
        await world.HoldsAsync(["web"], inventory: "everything");
        var rows = await world.Database.RowsAsync(
            "select inventory_namespace, resource_namespace from inventory_items", row => (row.GetString(0), row.GetString(1)));
        Assert.Equal(("_cluster", "shop"), rows.Single());
        await world.KubectlAsync("label", "namespace", "lab", "team=a");
        await world.HoldsAsync(["rat", "web"], inventory: "everything");
        await world.KubectlAsync("label", "namespace", "lab", "kollect.dev/watch=false");
        await world.HoldsAsync(["web"], inventory: "everything");
        await world.KubectlAsync("delete", "kcinv", "everything", "--timeout=15s");
        Assert.Empty(await world.RowsAsync(inventory: "everything"));
    }

    [Fact]
    public async Task Hanging_refusing_and_working_sinks_have_different_conditions()
    {
        using var hanging = new SilentServer();
        await using var world = await World.StartAsync();
        await world.ApplyAsync(
            Secret($"postgresql://a:b@127.0.0.1:{hanging.Port}/x", "silent"), PostgresSink("hangs", "silent"),
            Secret(world.Database.Url("nobody", "wrong"), "wrong"), PostgresSink("refuses", "wrong"),
            Profile(), Target(), Inventory("hangs, inventory, refuses"), ConfigMap("web"));
        await world.HoldsAsync(["web"], seconds: 5);
        await world.ApplyAsync(ConfigMap("api"));
        Assert.InRange(await world.HoldsAsync(["api", "web"]), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await world.EventuallyAsync(
            async () => await world.ReasonAsync("Synced", "inventory") == "True/Synced"
                && await world.ReasonAsync("Synced", "refuses") == "False/ExportRefused"
                && await world.ReasonAsync("Synced", "hangs") == "False/ExportFailed",
            40);
    }
}
