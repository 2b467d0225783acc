using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Kollect.Core.Collection.Merkle;

/// <summary>A SHA-256 digest as a value of 32 bytes, without an array of its own.</summary>
/// <param name="A">Bytes 0 to 7, big-endian; the others follow.</param>
internal readonly record struct Sha256Digest(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>32 bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    /// <summary>The digest of a text or a record.</summary>
    public static Sha256Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(content, hash);
        return Read(hash);
    }

    /// <summary>Ends a hash that was computed in parts.</summary>
    internal static Sha256Digest Of(IncrementalHash content)
    {
        Span<byte> hash = stackalloc byte[Length];
        content.GetHashAndReset(hash);
        return Read(hash);
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64BigEndian(to, A);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(to[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(to[24..], D);
    }

    /// <summary>In lower-case hexadecimal.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static Sha256Digest Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));
}
