using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kollect.Shell.Backends.MongoDb.Native;

/// <summary>A <c>bson_t</c>: 128 bytes that have to lie at a multiple of 128 (bson-types.h).</summary>
internal sealed unsafe class NativeBson : IDisposable
{
    private const int Size = 128;

    private void* bson = NativeMemory.AlignedAlloc(Size, Size);

    /// <summary>An empty document, to be overwritten by a function that replies.</summary>
    public NativeBson() => Mongoc.BsonInit(bson);

    /// <summary>For the call; valid until disposed.</summary>
    public void* Pointer => bson;

    /// <summary>A copy of what it holds.</summary>
    public byte[] ToArray() => Copy((nint)bson);

    /// <summary>Makes it a view of <paramref name="document"/>, which must stay pinned while it is used.</summary>
    public void View(byte* document, int length)
    {
        Mongoc.BsonDestroy(bson);
        if (!Mongoc.BsonInitStatic(bson, document, (nuint)length))
            throw new InvalidOperationException("a BSON document does not begin with its length");
    }

    /// <summary>A copy of a document that belongs to the driver.</summary>
    public static byte[] Copy(nint bson) => Span(bson).ToArray();

    /// <summary>A document that belongs to the driver; the first four bytes are its length.</summary>
    public static ReadOnlySpan<byte> Span(nint bson)
    {
        var data = Mongoc.BsonData((void*)bson);
        return new ReadOnlySpan<byte>(data, BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(data, sizeof(int))));
    }

    public void Dispose()
    {
        if (bson == null)
            return;
        Mongoc.BsonDestroy(bson);
        NativeMemory.AlignedFree(bson);
        bson = null;
    }
}
