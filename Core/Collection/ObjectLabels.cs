using System.Text.Json;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>Reads the labels of an object of any kind.</summary>
internal static class ObjectLabels
{
    /// <summary>The labels of an object as the API server sends it; empty = it has none, or is damaged.</summary>
    public static Map<OrdStringOrdinal, string, string> Read(ReadOnlyMemory<byte> json) => CollectedObject.Parse(json).Match(
        Right: document =>
        {
            using (document)
                return Of(CollectedObject.Metadata(document));
        },
        Left: _ => None());

    /// <summary>The labels in an object's metadata; values that are not texts are ignored.</summary>
    internal static Map<OrdStringOrdinal, string, string> Of(JsonElement metadata) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("labels"u8, out var labels) && labels.ValueKind == JsonValueKind.Object
            ? None().AddOrUpdateRange(labels.EnumerateObject()
                .Where(it => it.Value.ValueKind == JsonValueKind.String)
                .Select(it => (it.Name, it.Value.GetString()!)))
            : None();

    private static Map<OrdStringOrdinal, string, string> None() => LanguageExt.Map<OrdStringOrdinal, string, string>.Empty;
}
