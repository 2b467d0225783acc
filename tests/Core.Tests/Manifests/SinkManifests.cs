using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Manifests;

/// <summary>Plain manifests of sinks.</summary>
internal static class SinkManifests
{
    public const string PostgresSpec = """
        { "type": "postgres", "cluster": "kind", "postgres": { "databaseRef": { "name": "dsn" }, "table": "inventory_items" } }
        """;

    public const string MongoDbSpec = """
        { "type": "mongodb", "cluster": "kind", "mongodb": { "databaseRef": { "name": "uri" }, "database": "inventory", "collection": "items" } }
        """;

    public const string BigQuerySpec = """
        { "type": "bigquery", "cluster": "kind", "bigquery": { "project": "acme-prod", "dataset": "inventory", "table": "items" } }
        """;

    /// <summary>A valid spec with fields replaced: <c>("postgres/table", "\"x\"")</c>; null removes a field.</summary>
    public static JsonObject With(string spec, params (string Path, string? Json)[] changes)
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

    public static SinkObject Read(JsonNode spec)
    {
        var manifest = new JsonObject
        {
            ["apiVersion"] = "kollect.dev/v1alpha1",
            ["kind"] = "KollectDatabaseSink",
            ["metadata"] = new JsonObject { ["name"] = "inventory", ["namespace"] = "default" },
            ["spec"] = spec.DeepClone(),
        };
        return SinkObject.Read(Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    /// <summary>The sink of a valid spec with fields replaced, see <see cref="With"/>.</summary>
    public static Sink Parsed(string spec, params (string Path, string? Json)[] changes) =>
        Read(With(spec, changes)).Spec.IfLeft(problems => throw new Xunit.Sdk.XunitException(problems.ToString()));
}
