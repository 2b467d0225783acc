using System.Text.Json.Nodes;
using Kollect.Core.Collection;
using Kollect.Core.Inventories;
using LanguageExt.ClassInstances;
using static Kollect.Core.Tests.Manifests.InventoryManifests;

namespace Kollect.Core.Tests.Manifests;

public sealed class InventoryParserTests
{
    private static readonly Map<OrdStringOrdinal, string, string> NoLabels = LanguageExt.Map<OrdStringOrdinal, string, string>.Empty;

    [Fact]
    public void A_namespaced_inventory_uses_the_sinks_of_its_namespace()
    {
        var inventory = Parse<Inventory.Namespaced>("KollectInventory", InventorySpec);
        Assert.Equal(("platform", "platform", "all"), (inventory.Namespace, inventory.RowNamespace, inventory.Settings.Name));
        Assert.Equal(
            Seq(new SinkRef("platform", "warehouse", None), new SinkRef("platform", "portal", TimeSpan.FromMinutes(5))),
            inventory.Settings.Sinks);
        Assert.Equal((TimeSpan.FromSeconds(30), false), (inventory.Settings.ExportMinInterval, inventory.Settings.IsSuspended));
    }

    [Fact]
    public void An_interval_of_zero_is_not_the_default()
    {
        var inventory = Parse<Inventory>(
            "KollectInventory",
            """{ "exportMinInterval": "0s", "suspend": true, "databaseSinkRefs": [ { "name": "a", "exportMinInterval": "0s" } ] }""");
        Assert.Equal((TimeSpan.Zero, true), (inventory.Settings.ExportMinInterval, inventory.Settings.IsSuspended));
        Assert.Equal(Some(TimeSpan.Zero), inventory.Settings.Sinks.Single().ExportMinInterval);
    }

    [Fact]
    public void A_cluster_scoped_inventory_uses_the_sinks_of_kollect_system_by_default()
    {
        var inventory = Parse<Inventory.Cluster>("KollectClusterInventory", ClusterInventorySpec);
        Assert.Equal(("_cluster", Dedupe.KeepAll), (inventory.RowNamespace, inventory.Dedupe));
        Assert.Equal(Seq("kollect-system/warehouse", "shop/portal"), inventory.Settings.Sinks.Map(it => $"{it.Namespace}/{it.Name}"));
        Assert.Equal("audience=auditors", Assert.IsType<TargetChoice.Labelled>(inventory.Targets).Labels.ToString());
        Assert.True(inventory.Namespaces.Contains("shop", NoLabels));
        Assert.False(inventory.Namespaces.Contains("team-a", NoLabels));
    }

    [Fact]
    public void Targets_by_name_override_targets_by_label()
    {
        var inventory = Parse<Inventory.Cluster>(
            "KollectClusterInventory",
            """{ "sinkNamespace": "sinks", "databaseSinkRefs": [ "a" ], "targetRefs": [ "pods" ], "targetSelector": {}, "dedupe": "byResourceUID" }""");
        Assert.Equal(("sinks", Dedupe.ByResourceUid), (inventory.Settings.Sinks.Single().Namespace, inventory.Dedupe));
        Assert.True(inventory.Targets.Contains("pods", NoLabels));
        Assert.False(inventory.Targets.Contains("deployments", NoLabels));
    }

    [Fact]
    public void A_cluster_scoped_inventory_has_all_targets_and_namespaces_by_default()
    {
        var inventory = Parse<Inventory.Cluster>("KollectClusterInventory", "{}");
        Assert.True(inventory.Targets.Contains("any", NoLabels));
        Assert.True(inventory.Namespaces.Contains("any", NoLabels));
    }

    [Fact]
    public void A_target_uses_the_profile_of_its_own_namespace_or_of_kollect_system()
    {
        Assert.Equal(new ProfileRef("platform", "deployments"), Parse<Target.Namespaced>("KollectTarget", TargetSpec).Settings.Profile);
        Assert.Equal(new ProfileRef("kollect-system", "deployments"), Parse<Target.Cluster>("KollectClusterTarget", TargetSpec).Settings.Profile);
        Assert.Equal("platform", Parse<Target>("KollectTarget", TargetSpec).ItemNamespace);
        Assert.Equal("", Parse<Target>("KollectClusterTarget", TargetSpec).ItemNamespace);
    }

    [Fact]
    public void A_profile_may_be_referred_to_by_an_object()
    {
        Assert.Equal(
            new ProfileRef("platform", "deployments"),
            Parse<Target>("KollectTarget", """{ "profileRef": { "name": "deployments", "namespace": "platform" } }""").Settings.Profile);
        Assert.Equal(
            new ProfileRef("tools", "deployments"),
            Parse<Target>("KollectClusterTarget", """{ "profileRef": { "name": " deployments ", "namespace": "tools" } }""").Settings.Profile);
    }

    [Fact]
    public void Beside_rules_labels_and_names_select_nothing()
    {
        var rule = """{ "gvk": { "group": "apps", "version": "v1", "kind": "Deployment" }, "matchLabels": { "tier": "web" } }""";
        var objects = Parse<Target>(
            "KollectTarget",
            $$"""{ "profileRef": "a", "names": [ "web" ], "labelSelector": { "matchLabels": { "app": "a" } }, "resourceRules": [ {{rule}} ] }""")
            .Settings.Objects;
        Assert.Equal((LabelSelector.Everything, 0, 1), (objects.Labels, objects.Names.Count, objects.Rules.Count));
        Assert.Equal("kollect.dev/watch notin (disabled,false),tier=web", objects.ForServer.ToString());
    }

    [Fact]
    public void The_paths_of_a_profile_are_compiled()
    {
        var profile = Parse<Profile>(
            "KollectProfile",
            """
            { "targetGVK": { "version": "v1", "kind": "Pod" }, "export": { "mode": "Resource", "prune": [ "$.status" ] },
              "attributes": [ { "name": "node", "path": "{.spec.nodeName}", "optional": true },
                              { "name": "ports", "path": "$..containerPort", "type": "list" } ] }
            """);
        Assert.Equal(new ResourceKind("", "v1", "Pod"), profile.Kind);
        Assert.Equal(
            Seq((AttributeType.Any, true, true), (AttributeType.List, false, false)),
            profile.Attributes.Map(it => (it.Type, it.IsOptional, it.Path.IsDefinite)));
        Assert.Equal(("resource", 1), profile.Resource.Match(it => (it.As, it.Prune.Count), () => ("", 0)));
    }

    private static T Parse<T>(string kind, string spec) => Parsed<T>(kind, JsonNode.Parse(spec)!);
}
