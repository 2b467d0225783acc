using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>spec.type</c> and the three backend blocks.</summary>
internal static class BlockRules
{
    public static IEnumerable<Finding> BlockOfTypeIsSet(KollectDatabaseSink sink) =>
        Blocks(sink).Where(block => block.Chosen && !block.Set)
            .Select(block => new Finding($"spec.{block.Name}", $"is missing; type {block.Name} needs it to know where rows go"));

    public static IEnumerable<Finding> OtherBlocksAreAbsent(KollectDatabaseSink sink) =>
        from chosen in Blocks(sink).Where(block => block.Chosen)
        from block in Blocks(sink).Where(block => !block.Chosen && block.Set)
        select new Finding(
            $"spec.{block.Name}",
            $"is set, but type is {chosen.Name}; one sink writes to one database: remove the block, or make a second sink of it");

    public static IEnumerable<Finding> LayoutIsAbsent(KollectDatabaseSink sink) =>
        OfAnotherFamily("layout", sink.Spec.Layout);

    public static IEnumerable<Finding> PathTemplateIsAbsent(KollectDatabaseSink sink) =>
        OfAnotherFamily("pathTemplate", sink.Spec.PathTemplate);

    public static IEnumerable<Finding> FormatIsJson(KollectDatabaseSink sink) =>
        sink.Spec.Serialization?.Format is { } format and not KollectDatabaseSinkSpecSerializationFormat.Json
            ? [new Finding("spec.serialization.format", $"{format.WireName()} is written by other sink families; a database sink stores json: remove it")]
            : [];

    private static IEnumerable<Finding> OfAnotherFamily(string field, string? value) =>
        value is null ? [] : [new Finding(
            $"spec.{field}",
            $"{Shown.Quoted(value)} belongs to sinks that write files or branches; a row is identified by inventory, target and uid, never by a path: remove it")];

    private static (string Name, bool Chosen, bool Set)[] Blocks(KollectDatabaseSink sink) =>
    [
        ("postgres", sink.Spec.Type == SinkType.Postgres, sink.Spec.Postgres is not null),
        ("mongodb", sink.Spec.Type == SinkType.Mongodb, sink.Spec.Mongodb is not null),
        ("bigquery", sink.Spec.Type == SinkType.Bigquery, sink.Spec.Bigquery is not null),
    ];
}
