using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Kollect.Fuzz.Tests.Mutations;

/// <summary>
/// A JSON value that may be changed in place, and may hold what no JSON library writes: equal keys, any text for a number, half a surrogate pair.
/// </summary>
internal abstract class JsonTree
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000, AllowMultipleValues = true };

    private JsonTree() { }

    /// <param name="raw">As it is written: a string has its quotes and escapes.</param>
    public sealed class Scalar(string raw) : JsonTree
    {
        public string Raw { get; } = raw;

        public bool IsText => Raw.StartsWith('"');
    }

    public sealed class Items(List<JsonTree> values) : JsonTree
    {
        public List<JsonTree> Values { get; } = values;
    }

    /// <param name="fields">Keys as they are written, with their quotes.</param>
    public sealed class Members(List<(string Key, JsonTree Value)> fields) : JsonTree
    {
        public List<(string Key, JsonTree Value)> Fields { get; } = fields;
    }

    /// <summary>The values of a text, one after the other; null = it is not JSON.</summary>
    public static List<JsonTree>? Parse(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            var roots = new List<JsonTree>();
            while (reader.Read())
                roots.Add(Read(ref reader));
            return roots;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A copy; of a tree that repeats itself, beyond some thousand values, the same values.</summary>
    public JsonTree Clone()
    {
        var left = 5_000;
        return Clone(ref left);
    }

    private JsonTree Clone(ref int left)
    {
        if (--left < 0 || this is Scalar)
            return this;
        var (values, fields) = (new List<JsonTree>(), new List<(string, JsonTree)>());
        foreach (var value in this is Items items ? items.Values : [])
            values.Add(value.Clone(ref left));
        foreach (var (key, value) in this is Members members ? members.Fields : [])
            fields.Add((key, value.Clone(ref left)));
        return this is Items ? new Items(values) : new Members(fields);
    }

    /// <summary>Stops soon after <paramref name="max"/> characters; the text is then no JSON any more.</summary>
    public void Write(StringBuilder to, int max)
    {
        if (to.Length > max)
            return;
        switch (this)
        {
            case Scalar scalar:
                to.Append(scalar.Raw);
                break;
            case Items items:
                WriteAll(to, '[', items.Values, ']', item => item.Write(to, max));
                break;
            case Members members:
                WriteAll(to, '{', members.Fields, '}', field => field.Value.Write(to.Append(field.Key).Append(':'), max));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void WriteAll<T>(StringBuilder to, char open, List<T> all, char close, Action<T> write)
    {
        to.Append(open);
        for (var at = 0; at < all.Count; at++)
        {
            to.Append(at > 0 ? "," : "");
            write(all[at]);
        }

        to.Append(close);
    }

    private static JsonTree Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                var items = new List<JsonTree>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader));
                return new Items(items);
            case JsonTokenType.StartObject:
                var fields = new List<(string, JsonTree)>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = Quoted(reader);
                    reader.Read();
                    fields.Add((key, Read(ref reader)));
                }

                return new Members(fields);
            case JsonTokenType.String:
                return new Scalar(Quoted(reader));
            default:
                return new Scalar(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static string Quoted(in Utf8JsonReader reader) => $"\"{Encoding.UTF8.GetString(reader.ValueSpan)}\"";
}
