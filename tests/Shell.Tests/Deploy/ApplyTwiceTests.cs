using System.Text.Json.Nodes;
using Kollect.Shell.Manifests;
using Kollect.Shell.Tests.Manifests;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>
/// What was applied and has not changed is <c>unchanged</c>, or every run of a pipeline reports changes. kubectl compares the manifest with the object; a
/// list of a custom resource as a whole (a JSON merge patch), so that a default which the API server sets inside an item is a difference for ever.
/// </summary>
public sealed class ApplyTwiceTests
{
    [Fact]
    public async Task Nothing_that_is_applied_twice_is_reported_as_configured()
    {
        await using var server = await KubernetesServer.StartAsync();
        var everyKind =
            Profile("full", export: "{mode: Attributes}\n  attributes: [{name: a, path: $.spec.a}, {name: b, path: $.spec.b, type: int, optional: true}]")
            + Target("full", "full", spec: "names: [web]") + PostgresSink("full", spec: "options: {statement_timeout: 5s}")
            + Inventory("full, {name: other, exportMinInterval: 5m}", "full") + ClusterTarget("full", "full") + ClusterInventory("full", "full");
        await server.ApplyAsync(everyKind);
        var unchanged = (await server.ApplyAsync(everyKind)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, unchanged.Length);
        Assert.All(unchanged, line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));

        await server.ApplyAsync(Namespace("kollect-system"));
        foreach (var sample in Directory.EnumerateFiles(Repository.At("crds/samples"), "*.yaml").Select(File.ReadAllText))
        {
            // Only what is ours: stringData of a Secret is never unchanged, whoever applies it.
            var ours = string.Join("\n---\n", sample.Split("\n---\n").Where(text => text.Contains("apiVersion: kollect.dev/", StringComparison.Ordinal)));
            await server.ApplyAsync(ours);
            Assert.All(
                (await server.ApplyAsync(ours)).Split('\n', StringSplitOptions.RemoveEmptyEntries),
                line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));
        }
    }

    /// <summary>
    /// A list of rules in the manifest of an aggregated ClusterRole, even an empty one, replaces the rules that the controller has combined: kube-apiserver
    /// 1.36 showed the role without any rule after each apply, and the operator was refused what it collects until the controller had combined them again.
    /// </summary>
    [Fact]
    public async Task Permissions_that_are_applied_twice_are_never_taken_away()
    {
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "roles of its own for all users" });
        await server.ApplyAsync(Namespace("kollect-system"));
        string[] apply = ["apply", "-f", Repository.At("Shell/Host/deploy/rbac.yaml")];
        _ = (await server.KubectlAsync(apply)).Required;
        await Eventually.HoldsAsync(async () => await ResourcesAsync() is [.., "poddisruptionbudgets"]);
        var lines = (await server.KubectlAsync(apply)).Required.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(8, lines.Length);
        Assert.All(lines, line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));

        async Task<string[]> ResourcesAsync() =>
            (await server.KubectlAsync("get", "clusterrole", "kollect-collector", "-o", "jsonpath={.rules[*].resources[*]}")).Required.Split(' ');
    }

    [Fact]
    public void No_definition_has_a_default_inside_the_items_of_a_list()
    {
        var definitions = Directory.EnumerateFiles(Repository.At("crds"), "*.yaml")
            .SelectMany(file => ManifestText.Read(file, File.ReadAllBytes(file)).Documents)
            .Select(document => JsonNode.Parse(document.Bytes().Span)!)
            .ToArray();
        Assert.Equal(8, definitions.Length);
        var schemas = definitions.SelectMany(it => it["spec"]!["versions"]!.AsArray()).Select(it => it!["schema"]!["openAPIV3Schema"]!.AsObject());
        Assert.Empty(schemas.SelectMany(schema => Defaults(schema, "", isInItem: false)));
    }

    private static IEnumerable<string> Defaults(JsonObject schema, string path, bool isInItem)
    {
        var children =
            from child in schema["properties"]?.AsObject().AsEnumerable() ?? []
            from found in Defaults(child.Value!.AsObject(), $"{path}.{child.Key}", isInItem)
            select found;
        var items = schema["items"] is JsonObject item ? Defaults(item, $"{path}[]", isInItem: true) : [];
        var values = schema["additionalProperties"] is JsonObject value ? Defaults(value, $"{path}{{}}", isInItem) : [];
        string[] own = isInItem && schema.ContainsKey("default") ? [path] : [];
        return [.. own, .. children, .. items, .. values];
    }
}
