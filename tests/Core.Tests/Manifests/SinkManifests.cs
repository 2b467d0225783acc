using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Explanations;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Manifests;

/// <summary>Plain manifests of sinks.</summary>
internal static class SinkManifests
{
    public const string PostgresSpec = PlainManifests.Postgres;

    public const string MongoDbSpec = PlainManifests.MongoDb;

    public const string BigQuerySpec = PlainManifests.BigQuery;

    /// <inheritdoc cref="PlainManifests.With"/>
    public static JsonObject With(string spec, params (string Path, string? Json)[] changes) => PlainManifests.With(spec, changes);

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
