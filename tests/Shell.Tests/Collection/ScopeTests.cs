using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;

namespace Kollect.Shell.Tests.Collection;

/// <summary>Scopes that are created, edited and deleted while an operator without a webhook runs, observed in the rows of the table.</summary>
public sealed class ScopeTests
{
    private const string Needs = "an operator over all namespaces";

    [Fact]
    public async Task A_scope_that_is_edited_takes_effect_both_ways_and_deletes_no_row()
    {
        await using var world = await World.StartAsync(needs: Needs);
        await world.ApplyAsync(Scope("allowedGVKs: [{version: v1, kind: Service}]"), Profile(), Target(), Inventory(), ConfigMap("web"), ConfigMap("api"));
        await world.HasReasonAsync("False/ScopeGVKDenied", "Ready", "configmaps", "ktgt");
        await world.ApplyAsync(Scope("allowedGVKs: [{version: v1, kind: ConfigMap}]"));
        await world.HoldsAsync(["api", "web"]);
        await world.HasReasonAsync("True/Collected", "Ready", "configmaps", "ktgt");

        await world.ApplyAsync(Scope("allowedNamespaces: [elsewhere]"));
        await world.HasReasonAsync("False/ScopeNamespaceDenied", "Ready", "configmaps", "ktgt");
        await world.KubectlAsync("delete", "configmap", "api");
        await world.HasReasonAsync("False/SnapshotIncomplete", "Ready", "all", "kinv");
        await world.HoldsAsync(["api", "web"]);

        await world.ApplyAsync(Scope("databaseSinkRefs: [other]"));
        await world.HasReasonAsync("False/ScopeSinkDenied", "Ready", "all", "kinv");
        await world.HoldsAsync(["api", "web"]);
        await world.KubectlAsync("delete", "kscope", "limits");
        await world.HoldsAsync(["web"], seconds: 40);
        await world.HasReasonAsync("True/Synced", "Ready", "all", "kinv");
    }

    [Fact]
    public async Task A_scope_of_the_cluster_limits_targets_and_inventories_of_the_cluster_alone()
    {
        await using var world = await World.StartAsync(needs: Needs);
        await world.ApplyAsync(
            Namespace("shop"), Namespace("lab"), Profile(), Target(), Inventory(),
            ClusterTarget("configmaps-of-all", "configmaps", "profileNamespace: default"),
            ClusterInventory("inventory", spec: "sinkNamespace: default\n  targetRefs: [configmaps-of-all]"),
            ConfigMap("web"), ConfigMap("till", @namespace: "shop"), ConfigMap("rat", @namespace: "lab"),
            ClusterScope("deniedNamespaces: [lab]"));
        await world.HoldsAsync(["web"]);
        await world.EventuallyAsync(async () => (await OfClusterAsync()).SequenceEqual(["till", "web"]), 40);
        await world.KubectlAsync("patch", "kcscope", "limits", "--type=merge", "-p", """{"spec":{"allowedStaticRefNamespaces":["shop"]}}""");
        await world.HasReasonAsync("False/ScopeNamespaceDenied", "Ready", "configmaps-of-all", "kctgt");
        await world.HasReasonAsync("False/ScopeNamespaceDenied", "Ready", "everything", "kcinv");
        Assert.Equal(["till", "web"], await OfClusterAsync());
        await world.KubectlAsync("delete", "kcscope", "limits");
        await world.EventuallyAsync(async () => (await OfClusterAsync()).SequenceEqual(["rat", "till", "web"]), 40);

        async Task<string[]> OfClusterAsync() => [.. (await world.RowsAsync(inventory: "everything")).Where(it => it is "till" or "web" or "rat")];
    }

    private static string Scope(string spec) =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectScope
        metadata: {name: limits}
        spec: { {{spec}} }
        ---

        """;

    private static string ClusterScope(string spec) =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectClusterScope
        metadata: {name: limits}
        spec: { {{spec}} }
        ---

        """;
}
