using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Kollect.Core.Backends.MongoDb.Bson;

/// <summary>
/// Converts JSON to BSON token by token, without a tree. Extended JSON is not interpreted: <c>{"$oid": …}</c> is stored as an
/// ordinary document.
/// </summary>
internal static class BsonJson
{
    private static readonly byte[][] Indexes =
    [
        .. Enumerable.Range(0, 1_000).Select(index => System.Text.Encoding.ASCII.GetBytes(index.ToString(CultureInfo.InvariantCulture))),
    ];

    /// <summary>Writes a JSON object as a top-level document.</summary>
    /// <param name="json">Well-formed UTF-8, without <c>\u0000</c>.</param>
    public static void WriteDocument(BsonWriter to, ReadOnlySpan<byte> json)
    {
        var reader = Reader(json);
        reader.Read();
        to.StartDocument();
        WriteMembers(to, ref reader);
        to.End();
    }

    /// <summary>
    /// Writes a JSON value as an element. Of equal names in an object the last one counts, as in jsonb. Throws
    /// <see cref="ArgumentException"/> for a number that BSON cannot hold; <see cref="Limits"/> rejects such items before.
    /// </summary>
    /// <param name="name">UTF-8, without NUL.</param>
    /// <param name="json">Well-formed UTF-8, without <c>\u0000</c>.</param>
    public static void Write(BsonWriter to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        var reader = Reader(json);
        reader.Read();
        WriteValue(to, name, ref reader);
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = int.MaxValue });

    private static void WriteValue(BsonWriter to, scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                to.StartDocument(name);
                WriteMembers(to, ref reader);
                to.End();
                break;
            case JsonTokenType.StartArray:
                to.StartArray(name);
                WriteItems(to, ref reader);
                to.End();
                break;
            case JsonTokenType.String when !reader.ValueIsEscaped:
                to.String(name, reader.ValueSpan);
                break;
            case JsonTokenType.String:
                var text = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
                to.String(name, text.AsSpan(0, reader.CopyString(text)));
                ArrayPool<byte>.Shared.Return(text);
                break;
            case JsonTokenType.Number:
                BsonNumber.Of(reader.ValueSpan).IfNone(() => throw new ArgumentException("BSON cannot hold a number of the item")).Write(to, name);
                break;
            case JsonTokenType.True:
                to.Boolean(name, true);
                break;
            case JsonTokenType.False:
                to.Boolean(name, false);
                break;
            default:
                to.Null(name);
                break;
        }
    }

    private static void WriteItems(BsonWriter to, ref Utf8JsonReader reader)
    {
        Span<byte> digits = stackalloc byte[11];
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            if (index < Indexes.Length)
                WriteValue(to, Indexes[index], ref reader);
            else if (index.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture))
                WriteValue(to, digits[..length], ref reader);
    }

    private static void WriteMembers(BsonWriter to, ref Utf8JsonReader reader)
    {
        var names = new MemberNames(to);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> name = reader.ValueSpan;
            if (reader.ValueIsEscaped)
            {
                var unescaped = new byte[name.Length];
                name = unescaped.AsSpan(0, reader.CopyString(unescaped));
            }

            names.Add(name);
            reader.Read();
            WriteValue(to, name, ref reader);
        }

        names.End();
    }
}
