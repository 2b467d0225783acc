using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kollect.Core.Snapshots;

/// <summary>
/// A 128-bit hash of an identity within its inventory. It is taken from SHA-256, so that collisions cannot be constructed.
/// </summary>
internal static class IdentityFingerprint
{
    /// <summary>Equal pairs have equal fingerprints, and in practice different pairs have different ones.</summary>
    public static UInt128 Of(string targetName, string sourceUid)
    {
        var target = Encoding.UTF8.GetByteCount(targetName);
        var length = sizeof(int) + target + Encoding.UTF8.GetByteCount(sourceUid);
        Span<byte> bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, target);
        Encoding.UTF8.GetBytes(targetName, bytes[sizeof(int)..]);
        Encoding.UTF8.GetBytes(sourceUid, bytes[(sizeof(int) + target)..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
