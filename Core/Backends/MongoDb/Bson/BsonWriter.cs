using System.Buffers.Binary;
using System.Text;

namespace Kollect.Core.Backends.MongoDb.Bson;

/// <summary>
/// Writes BSON documents one after the other into one growing buffer, which <see cref="Clear"/> lets the next ones use again.
/// A name must not hold NUL; within an array it is the index.
/// </summary>
public sealed class BsonWriter
{
    private byte[] buffer;
    private int length;
    private int[] starts = new int[16];
    private int depth;

    /// <summary>Grows as needed from <paramref name="capacity"/> bytes.</summary>
    public BsonWriter(int capacity = 1024) => buffer = new byte[capacity];

    /// <summary>Where the members of the open documents start; kept by <see cref="MemberNames"/>, which also marks some.</summary>
    internal List<int> MemberStarts { get; } = [];

    /// <summary>Bytes written so far.</summary>
    public int Length => length;

    /// <summary>Valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    /// <summary>Forgets everything, keeps the memory.</summary>
    public void Clear()
    {
        (length, depth) = (0, 0);
        MemberStarts.Clear();
    }

    /// <summary>A document of its own.</summary>
    public BsonWriter StartDocument() => Start();

    /// <summary>A document as the value of <paramref name="name"/>.</summary>
    public BsonWriter StartDocument(ReadOnlySpan<byte> name) => Element(BsonType.Document, name).Start();

    /// <summary>An array as the value of <paramref name="name"/>.</summary>
    public BsonWriter StartArray(ReadOnlySpan<byte> name) => Element(BsonType.Array, name).Start();

    /// <summary>An array that stands alone, as an update pipeline does.</summary>
    public BsonWriter StartArray() => Start();

    /// <summary>Closes what was started last, document or array.</summary>
    public BsonWriter End()
    {
        Reserve(1)[0] = 0;
        length++;
        var start = starts[--depth];
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start), length - start);
        return this;
    }

    /// <summary>Text.</summary>
    public BsonWriter String(ReadOnlySpan<byte> name, string value)
    {
        Element(BsonType.String, name);
        var space = Reserve(sizeof(int) + Encoding.UTF8.GetMaxByteCount(value.Length) + 1);
        var bytes = Encoding.UTF8.GetBytes(value, space[sizeof(int)..]);
        return EndString(space, bytes);
    }

    /// <summary>Text that is UTF-8 already.</summary>
    public BsonWriter String(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8)
    {
        Element(BsonType.String, name);
        var space = Reserve(sizeof(int) + utf8.Length + 1);
        utf8.CopyTo(space[sizeof(int)..]);
        return EndString(space, utf8.Length);
    }

    /// <summary>32-bit integer.</summary>
    public BsonWriter Int32(ReadOnlySpan<byte> name, int value)
    {
        Element(BsonType.Int32, name);
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(sizeof(int)), value);
        length += sizeof(int);
        return this;
    }

    /// <summary>64-bit integer.</summary>
    public BsonWriter Int64(ReadOnlySpan<byte> name, long value) => Element(BsonType.Int64, name).Eight(value);

    /// <summary>64-bit binary floating point.</summary>
    public BsonWriter Double(ReadOnlySpan<byte> name, double value) =>
        Element(BsonType.Double, name).Eight(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Decimal in the binary integer encoding, as its 128 bits.</summary>
    public BsonWriter Decimal128(ReadOnlySpan<byte> name, UInt128 bits)
    {
        Element(BsonType.Decimal128, name);
        BinaryPrimitives.WriteUInt128LittleEndian(Reserve(16), bits);
        length += 16;
        return this;
    }

    /// <summary>A time in whole milliseconds.</summary>
    public BsonWriter DateTime(ReadOnlySpan<byte> name, DateTimeOffset value) =>
        Element(BsonType.DateTime, name).Eight(value.ToUnixTimeMilliseconds());

    /// <summary>True or false.</summary>
    public BsonWriter Boolean(ReadOnlySpan<byte> name, bool value)
    {
        Element(BsonType.Boolean, name);
        Reserve(1)[0] = value ? (byte)1 : (byte)0;
        length++;
        return this;
    }

    /// <summary>Null.</summary>
    public BsonWriter Null(ReadOnlySpan<byte> name) => Element(BsonType.Null, name);

    /// <summary>The id of a document.</summary>
    public BsonWriter ObjectId(ReadOnlySpan<byte> name, ObjectId value)
    {
        Element(BsonType.ObjectId, name);
        value.Write(Reserve(Bson.ObjectId.Size));
        length += Bson.ObjectId.Size;
        return this;
    }

    /// <summary>Elements that were written before, names included.</summary>
    public BsonWriter Elements(ReadOnlySpan<byte> elements)
    {
        elements.CopyTo(Reserve(elements.Length));
        length += elements.Length;
        return this;
    }

    /// <summary>Space for bytes that were written before, to be filled by the caller.</summary>
    internal Span<byte> Space(int bytes)
    {
        var space = Reserve(bytes)[..bytes];
        length += bytes;
        return space;
    }

    /// <summary>Takes back members of the document that is being written.</summary>
    /// <param name="starts">Where each of its members begins, in order; the complement of it where the member is taken back.</param>
    internal void TakeBack(ReadOnlySpan<int> starts)
    {
        var end = At(starts[0]);
        for (var index = 0; index < starts.Length; index++)
        {
            if (starts[index] < 0)
                continue;
            var member = buffer.AsSpan(starts[index]..(index + 1 < starts.Length ? At(starts[index + 1]) : length));
            member.CopyTo(buffer.AsSpan(end));
            end += member.Length;
        }

        length = end;

        static int At(int start) => start < 0 ? ~start : start;
    }

    private BsonWriter Start()
    {
        if (depth == starts.Length)
            System.Array.Resize(ref starts, depth * 2);
        starts[depth++] = length;
        Reserve(sizeof(int));
        length += sizeof(int);
        return this;
    }

    private BsonWriter Element(BsonType type, ReadOnlySpan<byte> name)
    {
        var space = Reserve(name.Length + 2);
        space[0] = (byte)type;
        name.CopyTo(space[1..]);
        space[name.Length + 1] = 0;
        length += name.Length + 2;
        return this;
    }

    private BsonWriter EndString(Span<byte> space, int bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(space, bytes + 1);
        space[sizeof(int) + bytes] = 0;
        length += sizeof(int) + bytes + 1;
        return this;
    }

    private BsonWriter Eight(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), value);
        length += sizeof(long);
        return this;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (buffer.Length - length < bytes)
            System.Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + bytes));
        return buffer.AsSpan(length);
    }
}
