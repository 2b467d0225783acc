namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>
/// The rules of an aggregated ClusterRole, as kube-apiserver with kube-controller-manager 1.36 shows them: a controller combines them after each change, and
/// an apply of a manifest with a list of rules replaces them until then.
/// </summary>
public sealed class StandInAggregationTests
{
    [Fact]
    public async Task A_controller_combines_the_rules_and_a_manifest_without_rules_leaves_them()
    {
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "roles of its own for all users" });
        await server.ApplyAsync(Aggregated("rules: []") + Part("pods") + Part("secrets"));
        await Eventually.HoldsAsync(async () => await ResourcesAsync() == "pods secrets");
        Assert.Contains(" configured", await server.ApplyAsync(Aggregated("rules: []")), StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => await ResourcesAsync() == "pods secrets");

        // The first apply without rules takes away what the one before had set.
        await server.ApplyAsync(Aggregated(""));
        await Eventually.HoldsAsync(async () => await ResourcesAsync() == "pods secrets");
        Assert.Contains(" unchanged", await server.ApplyAsync(Aggregated("")), StringComparison.Ordinal);
        _ = (await server.KubectlAsync("delete", "clusterrole", "pods")).Required;
        await Eventually.HoldsAsync(async () => await ResourcesAsync() == "secrets");

        async Task<string> ResourcesAsync() =>
            (await server.KubectlAsync("get", "clusterrole", "whole", "-o", "jsonpath={.rules[*].resources[*]}")).Required;
    }

    private static string Aggregated(string rules) => $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: whole}
        aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: "true"} }]}
        {{rules}}
        ---

        """;

    private static string Part(string resource) => $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: {{resource}}, labels: {part: "true"} }
        rules: [{apiGroups: [""], resources: [{{resource}}], verbs: [list]}]
        ---

        """;
}
