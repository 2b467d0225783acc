using System.Text.Json;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>The labels of any object.</summary>
public static class ObjectLabels
{
    /// <summary>Of an object as the API server sent it; none where it is damaged.</summary>
    public static Map<OrdStringOrdinal, string, string> Read(ReadOnlyMemory<byte> json) => CollectedObject.Parse(json).Match(
        Right: document =>
        {
            using (document)
                return Of(CollectedObject.Metadata(document));
        },
        Left: _ => None());

    /// <summary>Of its metadata. What is no text is no label.</summary>
    internal static Map<OrdStringOrdinal, string, string> Of(JsonElement metadata) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty("labels"u8, out var labels) && labels.ValueKind == JsonValueKind.Object
            ? None().AddOrUpdateRange(labels.EnumerateObject().Where(it => it.Value.ValueKind == JsonValueKind.String).Select(it => (it.Name, it.Value.GetString()!)))
            : None();

    private static Map<OrdStringOrdinal, string, string> None() => LanguageExt.Map<OrdStringOrdinal, string, string>.Empty;
}
