using Kollect.Core.Formatting;
using Kollect.Core.Manifests.Blocks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>spec.type</c>, the blocks of the backends, and the fields of other sinks.</summary>
internal static class BlockRules
{
    public static IEnumerable<Finding> BlockOfTypeIsSet(KollectDatabaseSink sink) =>
        BackendBlocks.Of(sink.Spec).Filter(chosen => !chosen.IsSet(sink.Spec))
            .Map(chosen => new Finding($"spec.{chosen.Name}", $"is missing; type {chosen.Name} needs it to know where rows go")).AsEnumerable();

    public static IEnumerable<Finding> OtherBlocksAreAbsent(KollectDatabaseSink sink) =>
        from chosen in BackendBlocks.Of(sink.Spec).AsEnumerable()
        from block in BackendBlocks.All.Filter(block => block.Type != chosen.Type && block.IsSet(sink.Spec))
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
            $"{Shown.Quoted(value)} belongs to sinks that write files or branches; a row is identified by inventory, target and uid, "
                + "never by a path: remove it")];
}
