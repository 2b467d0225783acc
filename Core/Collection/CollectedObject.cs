using System.Buffers;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Collection;

/// <summary>Reduces an object of the API server to the part that may be collected.</summary>
internal static class CollectedObject
{
    /// <summary>The maximum number of nested objects and arrays, far above that of any kind of Kubernetes.</summary>
    private const int MaxDepth = 500;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Parses an object and replaces the characters that no backend can store. Left = the text is not a JSON object.</summary>
    public static Either<string, JsonDocument> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Options);
            var (clean, replaced) = Sanitizer.Clean(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object && replaced == 0)
                return document;
            using (document)
                return document.RootElement.ValueKind == JsonValueKind.Object ? JsonDocument.Parse(clean, Options) : "is not a JSON object";
        }
        catch (JsonException)
        {
            return FormattableString.Invariant($"is not JSON, or is nested deeper than {MaxDepth} levels");
        }
    }

    /// <summary>
    /// The object with <c>apiVersion</c> and <c>kind</c>, without <c>metadata.managedFields</c>, and without a Secret's content. Items of a list lack
    /// <c>apiVersion</c> and <c>kind</c> and events of a watch have them; the result is the same for both.
    /// </summary>
    /// <param name="kind">The kind of the object.</param>
    /// <param name="parsed">The result of <see cref="Parse"/>.</param>
    public static JsonDocument Collectable(ResourceKind kind, JsonDocument parsed) => JsonDocument.Parse(Written(kind, parsed.RootElement), Options);

    /// <summary>The object's metadata; Undefined = it has none.</summary>
    public static JsonElement Metadata(JsonDocument document) => document.RootElement.TryGetProperty("metadata"u8, out var found) ? found : default;

    private static ReadOnlyMemory<byte> Written(ResourceKind kind, JsonElement root)
    {
        var isSecret = SecretContent.IsSecret(kind);
        var written = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(written, KubernetesItem.Plain);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, kind.Group.Length > 0 ? $"{kind.Group}/{kind.Version}" : kind.Version);
        writer.WriteString("kind"u8, kind.Kind);
        var fields = root.EnumerateObject().Where(field =>
            field.Name is not ("apiVersion" or "kind") && !(isSecret && SecretContent.IsField(field.Name)));
        foreach (var field in fields)
        {
            if (field.NameEquals("metadata"u8) && field.Value.ValueKind == JsonValueKind.Object)
                WriteMetadata(writer, field.Value, isSecret);
            else
                field.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.Flush();
        return written.WrittenMemory;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, JsonElement metadata, bool isSecret)
    {
        writer.WriteStartObject("metadata"u8);
        foreach (var field in metadata.EnumerateObject().Where(field => field.Name != "managedFields"))
        {
            if (isSecret && field.NameEquals("annotations"u8) && field.Value.ValueKind == JsonValueKind.Object)
                WriteAnnotations(writer, field.Value);
            else
                field.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteAnnotations(Utf8JsonWriter writer, JsonElement annotations)
    {
        writer.WriteStartObject("annotations"u8);
        foreach (var annotation in annotations.EnumerateObject().Where(annotation => annotation.Name != SecretContent.LastApplied))
            annotation.WriteTo(writer);
        writer.WriteEndObject();
    }
}
