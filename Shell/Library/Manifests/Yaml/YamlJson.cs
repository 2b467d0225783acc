using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>Writes a node as UTF-8 JSON, with every alias expanded.</summary>
internal sealed class YamlJson
{
    /// <summary>Bytes; the API server's default limit for one request (<c>MaxRequestBodyBytes</c>, 3 MiB).</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    // The limit is checked while writing: ten lines of aliases can expand to gigabytes.
    private const int CheckEvery = 64 * 1024;

    private readonly Utf8JsonWriter writer;
    private readonly System.Collections.Generic.HashSet<YamlNode.Refused> refused = [];

    private YamlJson(Utf8JsonWriter writer) => this.writer = writer;

    /// <summary>Left: everything that JSON cannot hold, at least one problem, without a value.</summary>
    /// <param name="file">Name of the file in problems.</param>
    public static Either<Seq<ManifestProblem>, ReadOnlyMemory<byte>> Write(string file, YamlNode root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var json = new YamlJson(writer);
        if (json.Append(root, 1) is { } reason)
            return Seq1(new ManifestProblem(file, root.Line, reason));
        writer.Flush();
        if (json.refused.Count > 0)
            return json.refused.Select(it => new ManifestProblem(file, it.Line, it.Message, it.Column))
                .OrderBy(it => it.Line).ThenBy(it => it.Column).ToSeq().Strict();
        return buffer.WrittenCount > MaxBytes ? Seq1(new ManifestProblem(file, root.Line, TooLarge)) : buffer.WrittenMemory;
    }

    private static string TooLarge =>
        $"the object is larger than {MaxBytes / 1024 / 1024} MiB, counted as JSON with aliases written out, which no API server accepts; split it";

    /// <summary>Why writing stopped; null = the node is written, and what JSON cannot hold is noted.</summary>
    private string? Append(YamlNode node, int depth)
    {
        if (writer.BytesPending > CheckEvery)
            writer.Flush();
        if (writer.BytesCommitted > MaxBytes)
            return TooLarge;
        switch (node)
        {
            case YamlNode.Scalar scalar:
                Append(scalar);
                return null;
            case YamlNode.Refused it:
                refused.Add(it);
                writer.WriteNullValue();
                return null;
            case YamlNode.Sequence or YamlNode.Mapping when depth > YamlDocuments.MaxDepth:
                return $"more than {YamlDocuments.MaxDepth} levels of nesting once aliases are written out; no Kubernetes object is that deep";
            case YamlNode.Sequence sequence:
                return Append(sequence, depth);
            case YamlNode.Mapping mapping:
                return Append(mapping, depth);
            default:
                throw new UnreachableException();
        }
    }

    private string? Append(YamlNode.Sequence sequence, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in sequence.Items)
            if (Append(item, depth + 1) is { } reason)
                return reason;
        writer.WriteEndArray();
        return null;
    }

    private string? Append(YamlNode.Mapping mapping, int depth)
    {
        refused.UnionWith(mapping.Repetitions);
        writer.WriteStartObject();
        foreach (var field in mapping.Fields)
        {
            writer.WritePropertyName(field.Key);
            if (Append(field.Value, depth + 1) is { } reason)
                return reason;
        }

        writer.WriteEndObject();
        return null;
    }

    private void Append(YamlNode.Scalar scalar)
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
    }
}
