using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Operator;

/// <summary>Sinks as the API server holds them, before and after edits and written decisions.</summary>
internal static class Sinks
{
    public static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    public static SinkObservation.Present Observe(
        JsonNode spec, string secrets = "shop/dsn=1", string name = "inventory", int generation = 1, JsonNode? status = null, params string[] annotations)
    {
        var json = new JsonObject
        {
            ["apiVersion"] = "kollect.dev/v1alpha1",
            ["kind"] = "KollectDatabaseSink",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = "shop",
                ["uid"] = "0a0c8f64-5e5f-4c55-9a1f-6f2a7f3f1d11",
                ["resourceVersion"] = "41",
                ["generation"] = generation,
                ["annotations"] = new JsonObject(annotations.Select(name => KeyValuePair.Create(name, (JsonNode?)"true"))),
            },
            ["spec"] = spec.DeepClone(),
            ["status"] = status,
        };
        return new SinkObservation.Present(SinkObject.Read(Encoding.UTF8.GetBytes(json.ToJsonString())), secrets);
    }

    public static SinkObservation.Present Plain(params string[] annotations) => Observe(With(PostgresSpec), annotations: annotations);

    public static SinkObservation.Present Quiet(params string[] annotations) =>
        Observe(With(PostgresSpec, ("connectionTest", "false")), annotations: annotations);

    /// <summary>The sink as the next reconcile observes it, after a decision was written.</summary>
    public static SinkObservation.Present After(this SinkObservation.Present before, SinkDecision decision) =>
        (before with
        {
            Sink = before.Sink with
            {
                Status = decision.Status.MatchUnsafe(
            status => status with { Conditions = status.Conditions.Stored(SinkConditions.Types) }, () => before.Sink.Status)
            }
        })
            .WithMetadata(metadata => metadata with { Annotations = Without(metadata, [.. decision.ClearAnnotations]) });

    public static SinkObservation.Present Annotated(this SinkObservation.Present before, string name, string value = "true") =>
        before.WithMetadata(metadata => metadata with { Annotations = metadata.Annotations.With(name, value) });

    public static SinkObservation.Present Unannotated(this SinkObservation.Present before, string name) =>
        before.WithMetadata(metadata => metadata with { Annotations = Without(metadata, name) });

    private static ModelMap<string> Without(ObjectMeta metadata, params string[] names) =>
        [.. metadata.Annotations.Where(it => !names.Contains(it.Key))];

    public static SinkObservation.Present Edited(this SinkObservation.Present before) =>
        before.WithMetadata(metadata => metadata with { Generation = metadata.Generation + 1 });

    public static SinkObservation.Present WithMetadata(this SinkObservation.Present before, Func<ObjectMeta, ObjectMeta> change) => before with
    {
        Sink = before.Sink with { Identity = before.Sink.Identity with { Metadata = change(before.Sink.Metadata) } },
    };

    public static SinkObservation.Present Used(this SinkObservation.Present sink, bool isComplete, params string[] users) => sink with
    {
        Use = new SinkUse(
            users.Select(it => it.Split('/')).Select(it => new Core.Sinks.InventoryName(it[0], it[1])).ToArray().ToSeq(), isComplete, NamespaceEnds: false),
    };

    public static SinkObservation.Present Protected(this SinkObservation.Present sink) =>
        sink.WithMetadata(it => it with { Finalizers = [SinkProtection.Finalizer] });

    public static SinkObservation.Present Deleted(this SinkObservation.Present sink, params string[] users) =>
        sink.Used(true, users).Protected().WithMetadata(it => it with { DeletionTimestamp = Monday });
}
