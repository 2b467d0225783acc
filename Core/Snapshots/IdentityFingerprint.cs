using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kollect.Core.Snapshots;

/// <summary>
/// A 128-bit hash of an identity within its inventory. It is taken from SHA-256, so that collisions cannot be constructed.
/// </summary>
public static class IdentityFingerprint
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

/// <summary>
/// A set of fingerprints in 8 MiB, whatever their number: a Bloom filter with 4 probes. It has no false negatives; with ten million
/// fingerprints about one new fingerprint in 500 is a false positive.
/// </summary>
public sealed class SeenFilter
{
    private const int Words = 1 << 20; // 8 MiB of 64-bit words

    private readonly ulong[] bits = new ulong[Words];

    /// <summary>Adds the fingerprint. False = it is new; true = it may have been added before.</summary>
    public bool MaybeSeen(UInt128 fingerprint)
    {
        var (a, b) = ((ulong)fingerprint, (ulong)(fingerprint >> 64) | 1);
        var seen = true;
        for (var probe = 0; probe < 4; probe++, a += b)
        {
            var bit = a % (Words * 64UL);
            var mask = 1UL << (int)(bit & 63);
            seen &= (bits[bit >> 6] & mask) != 0;
            bits[bit >> 6] |= mask;
        }

        return seen;
    }
}
