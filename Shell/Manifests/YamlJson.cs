using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kollect.Shell.Manifests;

/// <summary>A YAML node as JSON, by the rules that kubectl follows, with the line of every part.</summary>
internal sealed partial class YamlJson
{
    /// <summary>3 MiB: etcd takes requests of 1.5 MiB, and the API server of 3 MiB.</summary>
    private const int MaxBytes = 3 << 20;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> json = new();
    private readonly Utf8JsonWriter writer;
    private readonly SourceMap lines;

    private YamlJson(SourceMap lines)
    {
        this.lines = lines;
        writer = new Utf8JsonWriter(json, Plain);
    }

    /// <summary>Throws <see cref="YamlException"/> for what JSON cannot say, and for a document that grows beyond 3 MiB.</summary>
    public static (byte[] Json, SourceMap Lines) Write(YamlNode node, string file)
    {
        var lines = new SourceMap(file, (int)node.Start.Line);
        var yaml = new YamlJson(lines);
        yaml.WriteNode(node, "");
        yaml.writer.Flush();
        return (yaml.json.WrittenSpan.ToArray(), lines);
    }

    private void WriteNode(YamlNode node, string key)
    {
        if (writer.BytesCommitted + writer.BytesPending > MaxBytes)
            throw new YamlException(node.Start, node.End, $"the document is larger than {MaxBytes >> 20} MiB once its aliases are expanded");
        switch (node)
        {
            case YamlMappingNode mapping: WriteMapping(mapping, key); break;
            case YamlSequenceNode sequence: WriteSequence(sequence, key); break;
            case YamlScalarNode scalar: WriteScalar(scalar); break;
        }
    }

    private void WriteMapping(YamlMappingNode mapping, string key)
    {
        writer.WriteStartObject();
        foreach (var (name, keyNode, value) in Entries(mapping))
        {
            var child = SourceMap.Child(key, name);
            lines.Add(child, (int)keyNode.Start.Line);
            writer.WritePropertyName(name);
            WriteNode(value, child);
        }

        writer.WriteEndObject();
    }

    private void WriteSequence(YamlSequenceNode sequence, string key)
    {
        writer.WriteStartArray();
        foreach (var (index, value) in sequence.Children.Index())
        {
            var child = SourceMap.Child(key, index.ToString(CultureInfo.InvariantCulture));
            lines.Add(child, (int)value.Start.Line);
            WriteNode(value, child);
        }

        writer.WriteEndArray();
    }

    // A merge key (<<) brings in the entries of other mappings; those that stand here themselves win.
    private static IEnumerable<(string Name, YamlNode Key, YamlNode Value)> Entries(YamlMappingNode mapping)
    {
        var own = mapping.Children.Where(entry => !IsMerge(entry.Key)).Select(entry => (Name(entry.Key), entry.Key, entry.Value)).ToList();
        var names = own.Select(entry => entry.Item1).ToHashSet(StringComparer.Ordinal);
        var merged = mapping.Children.Where(entry => IsMerge(entry.Key))
            .SelectMany(entry => entry.Value is YamlSequenceNode several ? several.Children : [entry.Value])
            .SelectMany(node => node is YamlMappingNode other
                ? Entries(other)
                : throw new YamlException(node.Start, node.End, "a merge key (<<) takes a mapping or a list of mappings"))
            .Where(entry => names.Add(entry.Name));
        return own.Concat(merged.ToList());
    }

    private static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<", Style: ScalarStyle.Plain };

    private static string Name(YamlNode key) => key is YamlScalarNode { Value: { } name }
        ? name
        : throw new YamlException(key.Start, key.End, "a key must be a plain text");

    private void WriteScalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value.EndsWith(":str", StringComparison.Ordinal)))
            writer.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL")
            writer.WriteNullValue();
        else if (text.ToLowerInvariant() is "true" or "yes" or "on" or "y")
            writer.WriteBooleanValue(true);
        else if (text.ToLowerInvariant() is "false" or "no" or "off" or "n")
            writer.WriteBooleanValue(false);
        else if (JsonNumber().IsMatch(text))
            writer.WriteRawValue(text, skipInputValidation: true); // the digits as they are written
        else
            writer.WriteStringValue(text);
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();
}
