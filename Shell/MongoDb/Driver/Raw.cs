using System.Buffers;
using System.Runtime.InteropServices;
using Kollect.Core.Backends.MongoDb;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver;

namespace Kollect.MongoDb.Driver;

/// <summary>BSON that Core has written or will read, in the form that the driver copies without parsing it.</summary>
internal static class Raw
{
    /// <summary>A view; <paramref name="bytes"/> must not change while it is used.</summary>
    public static RawBsonDocument Document(ReadOnlyMemory<byte> bytes) => new(Slice(Buffer(bytes), new Piece(0, bytes.Length)));

    /// <summary>A view of all documents of a batch.</summary>
    public static IByteBuffer Buffer(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) && array.Offset == 0
            ? new ByteArrayBuffer(array.Array!, array.Count, isReadOnly: true)
            : new ByteArrayBuffer(bytes.ToArray(), isReadOnly: true);

    /// <summary>A view of one document of a batch.</summary>
    public static RawBsonDocument Document(IByteBuffer batch, Piece piece) => new(Slice(batch, piece));

    /// <summary>A view of one array of a batch.</summary>
    public static RawBsonArray Array(IByteBuffer batch, Piece piece) => new(Slice(batch, piece));

    /// <summary>The bytes of a document, which are the driver's: hands them over without a copy where they lie in one piece.</summary>
    public static T Read<T>(RawBsonDocument document, SpanFunc<T> read)
    {
        var slice = document.Slice;
        var first = slice.AccessBackingBytes(0);
        if (first.Count >= slice.Length)
            return read(first.AsSpan(0, slice.Length));
        var copy = ArrayPool<byte>.Shared.Rent(slice.Length);
        try
        {
            slice.GetBytes(0, copy, 0, slice.Length);
            return read(copy.AsSpan(0, slice.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    public delegate T SpanFunc<out T>(ReadOnlySpan<byte> bytes);

    private static ByteBufferSlice Slice(IByteBuffer buffer, Piece piece) => new(buffer, piece.Start, piece.Length);
}

/// <summary>An update as it goes over the wire: a document of operators, or the array of a pipeline.</summary>
internal sealed class RawUpdate(BsonValue update) : UpdateDefinition<RawBsonDocument>
{
    public override BsonValue Render(RenderArgs<RawBsonDocument> args) => update;
}
