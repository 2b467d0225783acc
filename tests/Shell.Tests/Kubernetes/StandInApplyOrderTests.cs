namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>
/// The order of a list of which several managers apply parts, as sigs.k8s.io/structured-merge-diff has it (typed/merge.go, visitListItems): the items of the
/// last apply come in its order, and the others stay where they are as far as that lets them. Lists without a key are replaced as a whole.
/// </summary>
public sealed class StandInApplyOrderTests
{
    [Theory]
    [InlineData("Ready Synced", "Synced Ready", "Synced Ready")]
    [InlineData("Foreign Ready Synced", "Synced Ready", "Foreign Synced Ready")]
    [InlineData("Ready Foreign Synced", "Synced Ready", "Foreign Synced Ready")]
    [InlineData("Ready Synced Foreign", "Synced Ready", "Synced Foreign Ready")]
    [InlineData("Ready Foreign", "Ready Synced", "Ready Foreign Synced")]
    [InlineData("Foreign Ready", "Degraded Ready Stalled", "Foreign Degraded Ready Stalled")]
    [InlineData("Ready Foreign Synced Other", "Synced Stalled Ready", "Foreign Synced Other Stalled Ready")]
    [InlineData("Foreign", "Ready Synced", "Foreign Ready Synced")]
    public async Task The_items_of_the_last_apply_come_in_its_order(string live, string applied, string expected)
    {
        await using var server = await KubernetesServer.StartAsync();
        await ApplyAsync(server, live, "first");
        await ApplyAsync(server, applied, "second");
        Assert.Equal(expected, await NamesAsync(server));
        await ApplyAsync(server, applied, "second");
        Assert.Equal(expected, await NamesAsync(server));
    }

    [Fact]
    public async Task Items_that_a_manager_no_longer_applies_leave_the_order_of_the_rest()
    {
        await using var server = await KubernetesServer.StartAsync();
        await ApplyAsync(server, "Foreign Other", "first");
        await ApplyAsync(server, "Ready Synced Degraded", "second");
        await ApplyAsync(server, "Degraded Ready", "second");
        Assert.Equal("Foreign Other Degraded Ready", await NamesAsync(server));
    }

    [Fact]
    public async Task A_set_has_the_same_rule_and_a_list_without_a_key_is_replaced()
    {
        await using var server = await KubernetesServer.StartAsync();
        await ConfigMapAsync("example.org/first, example.org/both", "first");
        await ConfigMapAsync("example.org/both, example.org/second", "second");
        await ConfigMapAsync("example.org/second, example.org/both", "second");
        Assert.Equal(
            """["example.org/first","example.org/second","example.org/both"]""",
            (await server.GetAsync("configmap", "it"))["metadata"]!["finalizers"]!.ToJsonString());
        await server.KubectlAsync("patch", "configmap", "it", "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");

        await PruneAsync("$.status, $.spec", "first");
        await PruneAsync("$.spec", "second");
        Assert.Equal("""["$.spec"]""", (await server.GetAsync("kprof", "it"))["spec"]!["export"]!["prune"]!.ToJsonString());

        async Task ConfigMapAsync(string finalizers, string manager) => await ServerSideAsync(
            server, manager, $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: it, finalizers: [{finalizers}]}}");
        async Task PruneAsync(string paths, string manager) => await ServerSideAsync(
            server,
            manager,
            $$"""
            apiVersion: kollect.dev/v1alpha1
            kind: KollectProfile
            metadata: {name: it}
            spec: {targetGVK: {group: "", version: v1, kind: ConfigMap}, export: {mode: Resource, prune: [{{paths}}]} }
            """);
    }

    /// <summary>Applies a profile whose attributes, a map by name, have these names.</summary>
    private static Task ApplyAsync(KubernetesServer server, string names, string manager) => ServerSideAsync(
        server,
        manager,
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectProfile
        metadata: {name: it}
        spec:
          targetGVK: {group: "", version: v1, kind: ConfigMap}
          attributes: [{{string.Join(", ", names.Split(' ').Select(name => $"{{name: {name}, path: $.data}}"))}}]
        """);

    private static async Task ServerSideAsync(KubernetesServer server, string manager, string manifest) =>
        _ = (await server.KubectlWithInputAsync(manifest, "apply", "--server-side", "--force-conflicts", "--field-manager", manager, "-f", "-")).Required;

    private static async Task<string> NamesAsync(KubernetesServer server)
    {
        var attributes = (await server.GetAsync("kprof", "it"))["spec"]!["attributes"]!.AsArray();
        return string.Join(' ', attributes.Select(it => (string?)it!["name"]));
    }
}
