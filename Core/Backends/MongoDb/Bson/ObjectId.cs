using System.Buffers.Binary;

namespace Kollect.Core.Backends.MongoDb.Bson;

/// <summary>The id of a document: 12 bytes that the server generates.</summary>
internal readonly record struct ObjectId(uint Time, ulong Rest)
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 12;

    /// <summary>The first 12 bytes of <paramref name="bytes"/>.</summary>
    public static ObjectId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(uint)..]));

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Time);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(uint)..], Rest);
    }
}
