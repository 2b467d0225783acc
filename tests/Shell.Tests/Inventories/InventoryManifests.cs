namespace Kollect.Shell.Tests.Inventories;

/// <summary>What users apply.</summary>
internal static class InventoryManifests
{
    public static string Inventory(string sinks = "inventory", string name = "all", string @namespace = "default", string spec = "", string annotations = "") =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectInventory
        metadata: {name: {{name}}, namespace: {{@namespace}}, annotations: { {{annotations}} } }
        spec:
          databaseSinkRefs: [{{sinks}}]
          {{spec}}
        ---

        """;
}
