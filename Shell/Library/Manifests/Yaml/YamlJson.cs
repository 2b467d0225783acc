using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>Writes a node as UTF-8 JSON, with every alias expanded.</summary>
internal static class YamlJson
{
    /// <summary>Bytes; the API server's default limit for one request (<c>MaxRequestBodyBytes</c>, 3 MiB).</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    // The limit is checked while writing: ten lines of aliases can expand to gigabytes.
    private const int CheckEvery = 64 * 1024;

    /// <summary>Left: why the node cannot be written, without a value.</summary>
    public static Either<string, ReadOnlyMemory<byte>> Write(YamlNode root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        if (Append(writer, root, 1) is { } reason)
            return reason;
        writer.Flush();
        return buffer.WrittenCount > MaxBytes ? TooLarge : buffer.WrittenMemory;
    }

    /// <summary>The message for a document over the limit.</summary>
    public static string TooLarge =>
        $"the document is larger than {MaxBytes / 1024 / 1024} MiB, counted as JSON with aliases written out, which no API server accepts; split it";

    private static string? Append(Utf8JsonWriter writer, YamlNode node, int depth)
    {
        if (writer.BytesPending > CheckEvery)
            writer.Flush();
        if (writer.BytesCommitted > MaxBytes)
            return TooLarge;
        switch (node)
        {
            case YamlNode.Scalar scalar:
                return Append(writer, scalar);
            case YamlNode.Sequence or YamlNode.Mapping when depth > YamlDocuments.MaxDepth:
                return $"more than {YamlDocuments.MaxDepth} levels of nesting once aliases are written out; no Kubernetes object is that deep";
            case YamlNode.Sequence sequence:
                return Append(writer, sequence, depth);
            case YamlNode.Mapping mapping:
                return Append(writer, mapping, depth);
            default:
                throw new UnreachableException();
        }
    }

    private static string? Append(Utf8JsonWriter writer, YamlNode.Sequence sequence, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in sequence.Items)
            if (Append(writer, item, depth + 1) is { } reason)
                return reason;
        writer.WriteEndArray();
        return null;
    }

    private static string? Append(Utf8JsonWriter writer, YamlNode.Mapping mapping, int depth)
    {
        writer.WriteStartObject();
        foreach (var field in mapping.Fields)
        {
            writer.WritePropertyName(field.Key);
            if (Append(writer, field.Value, depth + 1) is { } reason)
                return reason;
        }

        writer.WriteEndObject();
        return null;
    }

    private static string? Append(Utf8JsonWriter writer, YamlNode.Scalar scalar)
    {
        switch (scalar.Kind)
        {
            case ScalarKind.String:
                writer.WriteStringValue(scalar.Text);
                break;
            case ScalarKind.Null:
                writer.WriteNullValue();
                break;
            case ScalarKind.True or ScalarKind.False:
                writer.WriteBooleanValue(scalar.Kind is ScalarKind.True);
                break;
            case ScalarKind.Number:
                writer.WriteRawValue(scalar.Text, skipInputValidation: true);
                break;
            default:
                throw new UnreachableException();
        }

        return null;
    }
}
