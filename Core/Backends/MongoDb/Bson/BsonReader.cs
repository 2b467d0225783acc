using System.Buffers.Binary;
using System.Text;
using Kollect.Core.Formatting;

namespace Kollect.Core.Backends.MongoDb.Bson;

/// <summary>
/// Reads the elements of one document in order. Throws <see cref="FormatException"/> for damaged bytes and never reads beyond the end.
/// </summary>
internal ref struct BsonReader
{
    private readonly ReadOnlySpan<byte> document;
    private int at;

    /// <summary>Positions the reader before the first element.</summary>
    public BsonReader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 5 || BinaryPrimitives.ReadInt32LittleEndian(bytes) is var size && (size < 5 || size > bytes.Length) || bytes[size - 1] != 0)
            throw Damaged();
        document = bytes[..size];
        at = sizeof(int);
    }

    /// <summary>Type of the current element.</summary>
    public BsonType Type { get; private set; }

    /// <summary>Name of the current element, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Bytes of the current element's value, in BSON's layout.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Bytes of the current element: type, name and value, in BSON's layout.</summary>
    public readonly ReadOnlySpan<byte> Element => document[(at - Value.Length - Name.Length - 2)..at];

    /// <summary>Advances to the next element; false = there is none.</summary>
    public bool Read()
    {
        if (at == document.Length - 1)
            return false;
        Type = (BsonType)document[at++];
        Name = CString();
        var length = ValueLength();
        if (length < 0 || length > document.Length - 1 - at)
            throw Damaged();
        Value = document.Slice(at, length);
        at += length;
        return true;
    }

    /// <summary>Finds the first element named <paramref name="name"/>; false = there is none.</summary>
    public static bool Find(ReadOnlySpan<byte> document, ReadOnlySpan<byte> name, out BsonReader found)
    {
        found = new BsonReader(document);
        while (found.Read())
            if (found.Name.SequenceEqual(name))
                return true;
        return false;
    }

    /// <summary>An int32, an int64, a truncated double, or the milliseconds of a time; 0 for any other type.</summary>
    public readonly long AsInt64() => Type switch
    {
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Value),
        BsonType.Int64 or BsonType.DateTime => BinaryPrimitives.ReadInt64LittleEndian(Value),
        BsonType.Double => (long)BinaryPrimitives.ReadDoubleLittleEndian(Value),
        _ => 0,
    };

    /// <summary>The text; empty for any other type.</summary>
    public readonly string AsString() => Encoding.UTF8.GetString(AsUtf8());

    /// <summary>The text as UTF-8; empty for any other type.</summary>
    public readonly ReadOnlySpan<byte> AsUtf8() => Type == BsonType.String ? Value[sizeof(int)..^1] : [];

    /// <summary>True for true and for a number other than 0, because servers use both.</summary>
    public readonly bool AsBoolean() => Type == BsonType.Boolean ? Value[0] != 0 : AsInt64() != 0;

    /// <summary>The document or array; an empty document for any other type.</summary>
    public readonly ReadOnlySpan<byte> AsDocument() =>
        Type is BsonType.Document or BsonType.Array ? Value : [5, 0, 0, 0, 0];

    /// <summary>The time, a time outside the years 1 to 9999 as their first or last one; None for any other type.</summary>
    public readonly Option<DateTimeOffset> AsTime() => Type == BsonType.DateTime ? Times.OfUnixMilliseconds(AsInt64()) : None;

    private ReadOnlySpan<byte> CString()
    {
        var end = document[at..].IndexOf((byte)0);
        if (end < 0 || at + end >= document.Length - 1)
            throw Damaged();
        var text = document.Slice(at, end);
        at += end + 1;
        return text;
    }

    private readonly int ValueLength() => (byte)Type switch
    {
        0x01 or 0x09 or 0x11 or 0x12 => 8,
        0x02 or 0x0D or 0x0E => Prefix(least: 1) + sizeof(int),
        0x03 or 0x04 or 0x0F => Prefix(least: 5),
        0x05 => Prefix(least: 0) + sizeof(int) + 1,
        0x07 => 12,
        0x08 => 1,
        0x06 or 0x0A or 0x7F or 0xFF => 0,
        0x0B => Pattern(),
        0x0C => Prefix(least: 1) + sizeof(int) + 12,
        0x10 => 4,
        0x13 => 16,
        _ => -1,
    };

    private readonly int Prefix(int least)
    {
        if (document.Length - at < sizeof(int))
            throw Damaged();
        var length = BinaryPrimitives.ReadInt32LittleEndian(document[at..]);
        return length >= least && length < document.Length ? length : throw Damaged();
    }

    private readonly int Pattern()
    {
        var first = document[at..].IndexOf((byte)0);
        var second = first < 0 ? -1 : document[(at + first + 1)..].IndexOf((byte)0);
        return second < 0 ? -1 : first + second + 2;
    }

    private static FormatException Damaged() => new("the server's answer is damaged: it is not BSON");
}
