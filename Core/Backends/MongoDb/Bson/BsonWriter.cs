using System.Buffers.Binary;
using System.Text;

namespace Kollect.Core.Backends.MongoDb.Bson;

/// <summary>
/// Writes BSON documents one after another into one growing buffer; <see cref="Clear"/> empties it for reuse. A name must not
/// contain NUL; within an array it is the index in decimal digits.
/// </summary>
internal sealed class BsonWriter
{
    private byte[] buffer;
    private int length;
    private int[] starts = new int[16];
    private int depth;

    /// <summary>Starts with a buffer of <paramref name="capacity"/> bytes, which grows as needed.</summary>
    public BsonWriter(int capacity = 1024) => buffer = new byte[capacity];

    /// <summary>Start of each member of the open documents. <see cref="MemberNames"/> maintains the list; a complement marks a replaced member.</summary>
    internal List<int> MemberStarts { get; } = [];

    /// <summary>Bytes written so far.</summary>
    public int Length => length;

    /// <summary>The bytes written so far; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    /// <summary>Discards all documents and keeps the buffer.</summary>
    public void Clear()
    {
        (length, depth) = (0, 0);
        MemberStarts.Clear();
    }

    /// <summary>Starts a top-level document.</summary>
    public BsonWriter StartDocument() => Start();

    /// <summary>Starts a document as the value of <paramref name="name"/>.</summary>
    public BsonWriter StartDocument(ReadOnlySpan<byte> name) => Element(BsonType.Document, name).Start();

    /// <summary>Starts an array as the value of <paramref name="name"/>.</summary>
    public BsonWriter StartArray(ReadOnlySpan<byte> name) => Element(BsonType.Array, name).Start();

    /// <summary>Starts a top-level array, such as an update pipeline.</summary>
    public BsonWriter StartArray() => Start();

    /// <summary>Ends the document or array that was started last.</summary>
    public BsonWriter End()
    {
        Reserve(1)[0] = 0;
        length++;
        var start = starts[--depth];
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start), length - start);
        return this;
    }

    /// <summary>Writes text.</summary>
    public BsonWriter String(ReadOnlySpan<byte> name, string value)
    {
        Element(BsonType.String, name);
        var space = Reserve(sizeof(int) + Encoding.UTF8.GetMaxByteCount(value.Length) + 1);
        var bytes = Encoding.UTF8.GetBytes(value, space[sizeof(int)..]);
        return EndString(space, bytes);
    }

    /// <summary>Writes text that is already UTF-8.</summary>
    public BsonWriter String(ReadOnlySpan<byte> name, ReadOnlySpan<byte> utf8)
    {
        Element(BsonType.String, name);
        var space = Reserve(sizeof(int) + utf8.Length + 1);
        utf8.CopyTo(space[sizeof(int)..]);
        return EndString(space, utf8.Length);
    }

    /// <summary>Writes a 32-bit integer.</summary>
    public BsonWriter Int32(ReadOnlySpan<byte> name, int value)
    {
        Element(BsonType.Int32, name);
        BinaryPrimitives.WriteInt32LittleEndian(Reserve(sizeof(int)), value);
        length += sizeof(int);
        return this;
    }

    /// <summary>Writes a 64-bit integer.</summary>
    public BsonWriter Int64(ReadOnlySpan<byte> name, long value) => Element(BsonType.Int64, name).Eight(value);

    /// <summary>Writes a 64-bit binary floating-point number.</summary>
    public BsonWriter Double(ReadOnlySpan<byte> name, double value) =>
        Element(BsonType.Double, name).Eight(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Writes the 128 bits of a decimal in the binary integer encoding.</summary>
    public BsonWriter Decimal128(ReadOnlySpan<byte> name, UInt128 bits)
    {
        Element(BsonType.Decimal128, name);
        BinaryPrimitives.WriteUInt128LittleEndian(Reserve(16), bits);
        length += 16;
        return this;
    }

    /// <summary>Writes a time in whole milliseconds.</summary>
    public BsonWriter DateTime(ReadOnlySpan<byte> name, DateTimeOffset value) =>
        DateTime(name, value.ToUnixTimeMilliseconds());

    /// <summary>Writes any time that BSON can hold.</summary>
    /// <param name="milliseconds">Since 1970.</param>
    public BsonWriter DateTime(ReadOnlySpan<byte> name, long milliseconds) => Element(BsonType.DateTime, name).Eight(milliseconds);

    /// <summary>Writes true or false.</summary>
    public BsonWriter Boolean(ReadOnlySpan<byte> name, bool value)
    {
        Element(BsonType.Boolean, name);
        Reserve(1)[0] = value ? (byte)1 : (byte)0;
        length++;
        return this;
    }

    /// <summary>Writes null.</summary>
    public BsonWriter Null(ReadOnlySpan<byte> name) => Element(BsonType.Null, name);

    /// <summary>Writes the id of a document.</summary>
    public BsonWriter ObjectId(ReadOnlySpan<byte> name, ObjectId value)
    {
        Element(BsonType.ObjectId, name);
        value.Write(Reserve(Bson.ObjectId.Size));
        length += Bson.ObjectId.Size;
        return this;
    }

    /// <summary>Copies complete elements, names included.</summary>
    public BsonWriter Elements(ReadOnlySpan<byte> elements)
    {
        elements.CopyTo(Reserve(elements.Length));
        length += elements.Length;
        return this;
    }

    /// <summary>Appends <paramref name="bytes"/> bytes for the caller to fill.</summary>
    internal Span<byte> Space(int bytes)
    {
        var space = Reserve(bytes)[..bytes];
        length += bytes;
        return space;
    }

    /// <summary>Removes the marked members of the document that is being written.</summary>
    /// <param name="starts">Start of each member, in order; the complement of the start marks a member to remove.</param>
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
