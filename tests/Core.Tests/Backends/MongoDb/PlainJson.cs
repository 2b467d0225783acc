using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Kollect.Core.Backends.MongoDb.Bson;

namespace Kollect.Core.Tests.Backends.MongoDb;

/// <summary>Converts BSON to JSON with every digit of its numbers, to compare it with the JSON that was written.</summary>
internal static class PlainJson
{
    public static string Of(ReadOnlySpan<byte> document, bool isArray = false)
    {
        var items = new List<string>();
        var reader = new BsonReader(document);
        while (reader.Read())
        {
            var name = Encoding.UTF8.GetString(reader.Name);
            if (isArray)
                Assert.Equal(items.Count.ToString(CultureInfo.InvariantCulture), name);
            items.Add(isArray ? Value(reader) : $"{JsonSerializer.Serialize(name)}:{Value(reader)}");
        }

        return isArray ? $"[{string.Join(',', items)}]" : $"{{{string.Join(',', items)}}}";
    }

    private static string Value(in BsonReader reader) => reader.Type switch
    {
        BsonType.Document => Of(reader.Value),
        BsonType.Array => Of(reader.Value, isArray: true),
        BsonType.String => JsonSerializer.Serialize(reader.AsString()),
        BsonType.Boolean => reader.AsBoolean() ? "true" : "false",
        BsonType.Null => "null",
        BsonType.Int32 or BsonType.Int64 => reader.AsInt64().ToString(CultureInfo.InvariantCulture),
        BsonType.Double => Number(BsonType.Double, BinaryPrimitives.ReadUInt64LittleEndian(reader.Value)),
        BsonType.Decimal128 => Number(BsonType.Decimal128, BinaryPrimitives.ReadUInt128LittleEndian(reader.Value)),
        _ => throw new InvalidOperationException($"JSON has no {reader.Type}"),
    };

    /// <summary>A double by its shortest text; a decimal by the layout of the standard: sign, exponent + 6176, integer of 113 bits.</summary>
    public static string Number(BsonType type, UInt128 bits) => type switch
    {
        BsonType.Int32 => ((int)(uint)bits).ToString(CultureInfo.InvariantCulture),
        BsonType.Int64 => ((long)(ulong)bits).ToString(CultureInfo.InvariantCulture),
        BsonType.Double => BitConverter.UInt64BitsToDouble((ulong)bits).ToString("R", CultureInfo.InvariantCulture),
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"{(bits >> 127 == 1 ? "-" : "")}{(BigInteger)(bits & ((UInt128.One << 113) - 1))}E{(int)((bits >> 113) & 0x3FFF) - 6176}"),
    };
}
