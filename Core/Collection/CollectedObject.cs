using System.Buffers;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Collection;

/// <summary>An object as the API server sent it -> the part of it that may be collected at all.</summary>
internal static class CollectedObject
{
    /// <summary>Levels of nesting; no kind of Kubernetes comes near.</summary>
    private const int MaxDepth = 500;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>As the API server sent it, with characters that no text can hold replaced. Left = it is no object.</summary>
    public static Either<string, JsonDocument> Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json, Options);
            var (clean, replaced) = Sanitizer.Clean(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object && replaced == 0)
                return document;
            using (document)
                return document.RootElement.ValueKind == JsonValueKind.Object ? JsonDocument.Parse(clean, Options) : "is no JSON object";
        }
        catch (JsonException)
        {
            return FormattableString.Invariant($"is no JSON, or nested deeper than {MaxDepth} levels");
        }
    }

    /// <summary>
    /// The object with <c>apiVersion</c> and <c>kind</c>, which items of a list lack and events of a watch have, and which must not make a difference;
    /// without <c>metadata.managedFields</c>, and without a Secret's content.
    /// </summary>
    /// <param name="kind">Of the object.</param>
    /// <param name="parsed">As <see cref="Parse"/> gave it.</param>
    public static JsonDocument Collectable(ResourceKind kind, JsonDocument parsed) => JsonDocument.Parse(Written(kind, parsed.RootElement), Options);

    /// <summary>Undefined = it has none.</summary>
    public static JsonElement Metadata(JsonDocument document) => document.RootElement.TryGetProperty("metadata"u8, out var found) ? found : default;

    private static ReadOnlyMemory<byte> Written(ResourceKind kind, JsonElement root)
    {
        var isSecret = SecretContent.IsSecret(kind);
        var written = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(written, KubernetesItem.Plain);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, kind.Group.Length > 0 ? $"{kind.Group}/{kind.Version}" : kind.Version);
        writer.WriteString("kind"u8, kind.Kind);
        foreach (var field in root.EnumerateObject().Where(field => field.Name is not ("apiVersion" or "kind") && !(isSecret && SecretContent.IsField(field.Name))))
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
