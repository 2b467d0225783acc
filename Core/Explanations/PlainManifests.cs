using System.Text.Json.Nodes;
using Kollect.Core.Manifests;

namespace Kollect.Core.Explanations;

/// <summary>A valid spec of each kind and backend, which examples change.</summary>
internal static class PlainManifests
{
    public const string Postgres = """
        { "type": "postgres", "cluster": "kind", "postgres": { "databaseRef": { "name": "dsn" }, "table": "inventory_items" } }
        """;

    public const string MongoDb = """
        { "type": "mongodb", "cluster": "kind", "mongodb": { "databaseRef": { "name": "uri" }, "database": "inventory", "collection": "items" } }
        """;

    public const string BigQuery = """
        { "type": "bigquery", "cluster": "kind", "bigquery": { "project": "acme-prod", "dataset": "inventory", "table": "items" } }
        """;

    public const string Inventory = """{ "databaseSinkRefs": [ "warehouse", { "name": "portal", "exportMinInterval": "5m" } ] }""";

    public const string ClusterInventory = """
        {
          "databaseSinkRefs": [ "warehouse", { "name": "portal", "namespace": "shop" } ],
          "targetSelector": { "matchLabels": { "audience": "auditors" } },
          "namespaces": [ "shop" ]
        }
        """;

    public const string Profile = """
        {
          "targetGVK": { "group": "apps", "version": "v1", "kind": "Deployment" },
          "attributes": [ { "name": "replicas", "path": "$.spec.replicas", "type": "int" } ]
        }
        """;

    public const string Target = """{ "profileRef": "deployments", "labelSelector": { "matchLabels": { "app.kubernetes.io/part-of": "shop" } } }""";

    public const string Scope = """
        {
          "allowedGVKs": [ { "group": "apps", "version": "v1", "kind": "Deployment" } ],
          "allowedNamespaces": [ "platform" ],
          "databaseSinkRefs": [ "warehouse" ],
          "minExportInterval": "1m"
        }
        """;

    /// <summary>A spec with fields replaced: <c>("postgres/table", "\"x\"")</c>; null removes a field.</summary>
    public static JsonObject With(string spec, params IEnumerable<(string Path, string? Json)> changes)
    {
        var root = JsonNode.Parse(spec)!.AsObject();
        foreach (var (path, json) in changes)
        {
            var names = path.Split('/');
            var parent = root;
            foreach (var name in names[..^1])
                parent = (parent[name] ??= new JsonObject()).AsObject();
            if (json is null)
                parent.Remove(names[^1]);
            else
                parent[names[^1]] = JsonNode.Parse(json);
        }

        return root;
    }

    /// <summary>A manifest of a kind; cluster-scoped kinds have no namespace.</summary>
    public static JsonObject Manifest(string kind, JsonNode spec) => new()
    {
        ["apiVersion"] = KnownKinds.ApiVersion,
        ["kind"] = kind,
        ["metadata"] = kind.Contains("Cluster", StringComparison.Ordinal)
            ? new JsonObject { ["name"] = "all" }
            : new JsonObject { ["name"] = "all", ["namespace"] = "platform" },
        ["spec"] = spec.DeepClone(),
    };
}
