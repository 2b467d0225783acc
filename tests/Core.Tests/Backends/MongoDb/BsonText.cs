using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Backends.MongoDb.Bson;

namespace Kollect.Core.Tests.Backends.MongoDb;

/// <summary>Prints BSON in the notation of <c>mongosh</c>, for goldens.</summary>
internal static class BsonText
{
    /// <summary>The document or array on one line.</summary>
    public static string Of(ReadOnlySpan<byte> document, bool isArray = false)
    {
        var items = new List<string>();
        var reader = new BsonReader(document);
        while (reader.Read())
            items.Add(isArray ? Value(reader) : $"{Name(Encoding.UTF8.GetString(reader.Name))}: {Value(reader)}");
        var (open, close) = isArray ? ('[', ']') : ('{', '}');
        return items.Count == 0 ? $"{open}{close}" : $"{open} {string.Join(", ", items)} {close}";
    }

    private static string Value(in BsonReader reader) => reader.Type switch
    {
        BsonType.Document => Of(reader.Value),
        BsonType.Array => Of(reader.Value, isArray: true),
        BsonType.String => JsonValue.Create(reader.AsString()).ToJsonString(),
        BsonType.Boolean => reader.AsBoolean() ? "true" : "false",
        BsonType.Null => "null",
        BsonType.Int32 => reader.AsInt64().ToString(CultureInfo.InvariantCulture),
        BsonType.Int64 => string.Create(CultureInfo.InvariantCulture, $"NumberLong(\"{reader.AsInt64()}\")"),
        BsonType.Double => BitConverter.ToDouble(reader.Value).ToString("R", CultureInfo.InvariantCulture),
        BsonType.DateTime => $"ISODate(\"{reader.AsTime().IfNone(default(DateTimeOffset)):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\")",
        _ => $"{reader.Type}({Convert.ToHexString(reader.Value)})",
    };

    private static string Name(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$') && !char.IsAsciiDigit(name[0])
            ? name
            : JsonValue.Create(name).ToJsonString();
}
