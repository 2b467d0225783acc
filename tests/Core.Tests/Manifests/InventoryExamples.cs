using System.Text.Json.Nodes;
using static Kollect.Core.Tests.Manifests.InventoryManifests;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Manifests;

/// <summary>One manifest for each rule about inventories, profiles and targets that violates it, and no other rule if possible.</summary>
internal static class InventoryExamples
{
    public static SortedDictionary<string, JsonObject> ById { get; } = new(StringComparer.Ordinal)
    {
        ["KDB101"] = Inventory((
            "databaseSinkRefs",
            """[ 7, { "name": "warehouse", "nmespace": "x" }, { "exportMinInterval": "5m" }, { "name": "portal", "exportMinInterval": 300 }, null ]""")),
        ["KDB102"] = Inventory(("databaseSinkRefs", """[ "Warehouse", " ", { "name": "portal/a" } ]""")),
        ["KDB103"] = Inventory(("databaseSinkRefs", """[ { "name": "warehouse", "namespace": "kollect-system" } ]""")),
        ["KDB104"] = ClusterInventory(("databaseSinkRefs", """[ { "name": "warehouse", "namespace": "kollect.system" } ]""")),
        ["KDB105"] = ClusterInventory((
            "databaseSinkRefs",
            """[ "warehouse", { "name": "warehouse", "namespace": "kollect-system" }, { "name": "warehouse", "namespace": "shop" } ]""")),
        ["KDB106"] = Inventory(("exportMinInterval", "\"5 minutes\""), ("databaseSinkRefs", """[ { "name": "warehouse", "exportMinInterval": "1d" } ]""")),
        ["KDB107"] = Inventory(("exportMinInterval", "\"25h\""), ("databaseSinkRefs", """[ { "name": "warehouse", "exportMinInterval": "-1s" } ]""")),
        ["KDB108"] = ClusterInventory(("sinkNamespace", "\"Kollect\"")),
        ["KDB109"] = ClusterInventory(("targetRefs", """[ "deployments", "All Pods" ]"""), ("targetSelector", null)),
        ["KDB110"] = ClusterInventory(("namespaces", """[ "shop", "team_a" ]""")),
        ["KDB111"] = ClusterInventory(
            ("targetSelector/matchLabels", """{ "audience": "all of them", "-x": "" }"""),
            ("namespaceSelector/matchExpressions", """
                [ { "key": "team", "operator": "In" }, { "key": "a/b/c", "operator": "Exists", "values": [ "x" ] },
                  { "key": "tier", "operator": "NotIn", "values": [ "a,b" ] } ]
                """)),
        ["KDB201"] = Profile(("targetGVK", """{ "group": "Apps", "version": "apps/v1", "kind": "deployments.apps" }""")),
        ["KDB202"] = Profile((
            "attributes",
            """[ { "name": "a", "path": "$.spec.containers[?(@.name=web)]" }, { "name": "b", "path": "cel: object.spec.replicas" } ]""")),
        ["KDB203"] = Profile(("export/mode", "\"Resource\""), ("export/prune", """[ "$.status", "metadata.annotations" ]""")),
        ["KDB204"] = Profile(("attributes", """[ { "name": " ", "path": "$.a" }, { "name": "a\u0000b", "path": "$.b" } ]""")),
        ["KDB205"] = Profile(
            ("export/mode", "\"Resource\""),
            ("attributes", """[ { "name": "resource", "path": "$.a" }, { "name": "a", "path": "$.a" }, { "name": "a ", "path": "$.b" } ]""")),
        ["KDB206"] = Profile(("export/mode", "\"Resource\""), ("export/prune", """[ "$" ]""")),
        ["KDB207"] = Profile(("export/prune", """[ "$.status" ]""")),
        ["KDB208"] = Profile(
            ("targetGVK", """{ "version": "v1", "kind": "Secret" }"""),
            ("attributes", """[ { "name": "password", "path": "$['data'].password" }, { "name": "kind", "path": "$.type" } ]""")),
        ["KDB301"] = Target(("profileRef", "\"Deployments\"")),
        ["KDB302"] = ClusterTarget(("profileNamespace", "\"\"")),
        ["KDB303"] = Target(("labelSelector/matchLabels", """{ "app": "-" }""")),
        ["KDB304"] = Target(("names", """[ "web", "shop/web", ".." ]""")),
        ["KDB401"] = Named("Nightly Inventory", "platform"),
        ["KDB402"] = Named("all", "team.a"),
        ["KDB513"] = Inventory(("snapshotSinkRefs", """[ "git", { "name": "s3" } ]""")),
        ["KDB514"] = Inventory(("eventSinkRefs", """[ "kafka" ]""")),
        ["KDB515"] = Inventory(("httpEndpoint", """{ "enabled": true }""")),
        ["KDB516"] = Inventory(("maxExportBytes", "1048576")),
        ["KDB517"] = Inventory(("databaseSinkRefs", null)),
        ["KDB518"] = ClusterInventory(("targetRefs", """[ "deployments" ]""")),
        ["KDB519"] = Profile(("export/as", "\"object\"")),
        ["KDB520"] = Profile(("targetGVK", """{ "version": "v1", "kind": "Secret" }"""), ("attributes", null)),
    };

    private static JsonObject Named(string name, string ns)
    {
        var manifest = Inventory();
        manifest["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns };
        return manifest;
    }

    private static JsonObject Inventory(params (string, string?)[] changes) => Manifest("KollectInventory", With(InventorySpec, changes));

    private static JsonObject ClusterInventory(params (string, string?)[] changes) => Manifest("KollectClusterInventory", With(ClusterInventorySpec, changes));

    private static JsonObject Profile(params (string, string?)[] changes) => Manifest("KollectProfile", With(ProfileSpec, changes));

    private static JsonObject Target(params (string, string?)[] changes) => Manifest("KollectTarget", With(TargetSpec, changes));

    private static JsonObject ClusterTarget(params (string, string?)[] changes) => Manifest("KollectClusterTarget", With(TargetSpec, changes));
}
