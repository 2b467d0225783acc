using System.Text;
using System.Text.Json;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>
/// Reads JSON values that follow one another, with or without white space between them. kubectl reads a text as such a stream where it
/// begins with a brace (k8s.io/apimachinery, <c>YAMLOrJSONDecoder</c>).
/// </summary>
internal ref struct JsonDocuments
{
    private readonly ReadOnlySpan<byte> json;
    private Utf8JsonReader reader;
    private int line;
    private int counted;

    private JsonDocuments(ReadOnlySpan<byte> json, int firstLine)
    {
        this.json = json;
        reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue, AllowMultipleValues = true });
        line = firstLine;
    }

    /// <summary>The values in order; null = the text does not begin with a brace, or is not JSON: it may be YAML.</summary>
    /// <param name="firstLine">Line in the file, counted from 1.</param>
    public static IReadOnlyList<YamlNode>? Parse(string text, int firstLine)
    {
        if (!text.AsSpan().TrimStart().StartsWith('{'))
            return null;
        var documents = new JsonDocuments(Encoding.UTF8.GetBytes(text), firstLine);
        var roots = new List<YamlNode>();
        try
        {
            while (documents.reader.Read())
                roots.Add(documents.Value(1));
            return roots;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private YamlNode Value(int depth) => reader.TokenType switch
    {
        JsonTokenType.StartObject or JsonTokenType.StartArray when depth > YamlDocuments.MaxDepth => Skipped(),
        JsonTokenType.StartObject => Mapping(depth),
        JsonTokenType.StartArray => Sequence(depth),
        JsonTokenType.String => Text(),
        JsonTokenType.Number => new YamlNode.Scalar(Line(), Encoding.UTF8.GetString(reader.ValueSpan), ScalarKind.Number),
        JsonTokenType.True => new YamlNode.Scalar(Line(), "true", ScalarKind.True),
        JsonTokenType.False => new YamlNode.Scalar(Line(), "false", ScalarKind.False),
        _ => new YamlNode.Scalar(Line(), "null", ScalarKind.Null),
    };

    private YamlNode.Mapping Mapping(int depth)
    {
        var mapping = new MappingBuilder(Line());
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, at) = (Text(), Line());
            reader.Read();
            var value = Value(depth + 1);
            mapping.Add(new YamlField(at, (name as YamlNode.Scalar)?.Text ?? "", name is YamlNode.Refused ? name : value));
        }

        return mapping.Build();
    }

    private YamlNode.Sequence Sequence(int depth)
    {
        var (at, items) = (Line(), new List<YamlNode>());
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(Value(depth + 1));
        return new YamlNode.Sequence(at, items);
    }

    private YamlNode Text()
    {
        try
        {
            return ScalarRules.Text(Line(), 0, reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return new YamlNode.Refused(Line(), 0, "half of a surrogate pair (\\ud800 to \\udfff), which is no character; remove it");
        }
    }

    private YamlNode.Refused Skipped()
    {
        var at = Line();
        reader.TrySkip();
        return new YamlNode.Refused(at, 0, YamlDocuments.TooDeep);
    }

    private int Line()
    {
        var start = (int)reader.TokenStartIndex;
        line += json[counted..start].Count((byte)'\n');
        counted = start;
        return line;
    }
}
