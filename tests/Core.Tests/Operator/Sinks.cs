using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Operator;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Operator;

/// <summary>Sinks as the API server holds them, before and after edits and written decisions.</summary>
internal static class Sinks
{
    public static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    public static ObservedSink Observe(JsonNode spec, string secrets = "shop/dsn=1", params string[] annotations)
    {
        var json = new JsonObject
        {
            ["apiVersion"] = "kollect.dev/v1alpha1",
            ["kind"] = "KollectDatabaseSink",
            ["metadata"] = new JsonObject
            {
                ["name"] = "inventory",
                ["namespace"] = "shop",
                ["uid"] = "0a0c8f64-5e5f-4c55-9a1f-6f2a7f3f1d11",
                ["resourceVersion"] = "41",
                ["generation"] = 1,
                ["annotations"] = new JsonObject(annotations.Select(name => KeyValuePair.Create(name, (JsonNode?)"true"))),
            },
            ["spec"] = spec.DeepClone(),
        };
        var sink = KollectDatabaseSink.ReadJson(Encoding.UTF8.GetBytes(json.ToJsonString()), out var problems)!;
        return new ObservedSink(sink, problems, secrets);
    }

    public static ObservedSink Plain(params string[] annotations) => Observe(With(PostgresSpec), annotations: annotations);

    public static ObservedSink Quiet(params string[] annotations) =>
        Observe(With(PostgresSpec, ("connectionTest", "false")), annotations: annotations);

    /// <summary>The sink as the next reconcile observes it, after a decision was written.</summary>
    public static ObservedSink After(this ObservedSink before, SinkDecision decision) => before with
    {
        Sink = before.Sink with
        {
            Status = decision.Status.MatchUnsafe(status => status, () => before.Sink.Status),
            Metadata = before.Sink.Metadata with
            {
                Annotations = decision.ClearAnnotations.Fold(before.Sink.Metadata.Annotations, (left, name) => left.Remove(name)),
            },
        },
    };

    public static ObservedSink Annotated(this ObservedSink before, string name, string value = "true") => before with
    {
        Sink = before.Sink with { Metadata = before.Sink.Metadata with { Annotations = before.Sink.Metadata.Annotations.AddOrUpdate(name, value) } },
    };

    public static ObservedSink Unannotated(this ObservedSink before, string name) => before with
    {
        Sink = before.Sink with { Metadata = before.Sink.Metadata with { Annotations = before.Sink.Metadata.Annotations.Remove(name) } },
    };

    public static ObservedSink Edited(this ObservedSink before) => before with
    {
        Sink = before.Sink with { Metadata = before.Sink.Metadata with { Generation = before.Sink.Metadata.Generation + 1 } },
    };
}
