using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>Manifests of inventories, profiles, targets and their objects, as users apply them.</summary>
internal static class InventoryManifests
{
    public static string Inventory(string sinks = "inventory", string name = "all", string? @namespace = null, string spec = "", string annotations = "") =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectInventory
        metadata: {name: {{name}}{{In(@namespace)}}, annotations: { {{annotations}} } }
        spec:
          databaseSinkRefs: [{{sinks}}]
          {{spec}}
        ---

        """;

    public static string Profile(
        string name = "configmaps",
        string kind = "ConfigMap",
        string version = "v1",
        string group = "",
        string? @namespace = null,
        string export = "{mode: Resource}") =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectProfile
        metadata: {name: {{name}}{{In(@namespace)}} }
        spec:
          targetGVK: {group: "{{group}}", version: {{version}}, kind: {{kind}} }
          export: {{export}}
        ---

        """;

    public static string Target(string name = "configmaps", string profile = "configmaps", string? @namespace = null, string spec = "") =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectTarget
        metadata: {name: {{name}}{{In(@namespace)}} }
        spec:
          profileRef: {{profile}}
          {{spec}}
        ---

        """;

    public static string ClusterTarget(string name = "services", string profile = "services", string spec = "") =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectClusterTarget
        metadata: {name: {{name}} }
        spec:
          profileRef: {{profile}}
          {{spec}}
        ---

        """;

    public static string ClusterInventory(string sinks = "warehouse", string name = "everything", string spec = "") =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectClusterInventory
        metadata: {name: {{name}} }
        spec:
          databaseSinkRefs: [{{sinks}}]
          {{spec}}
        ---

        """;

    public static string Namespace(string name, string labels = "") =>
        $$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{name}}, labels: { {{labels}} } }
        ---

        """;

    public static string ConfigMap(string name, string value = "1", string? @namespace = null, string labels = "") =>
        $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: {{name}}{{In(@namespace)}}, labels: { {{labels}} } }
        data: {value: "{{value}}"}
        ---

        """;
}
