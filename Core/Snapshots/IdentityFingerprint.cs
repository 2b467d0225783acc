using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kollect.Core.Snapshots;

/// <summary>
/// 128 bits that stand for an identity within its inventory. Taken from SHA-256, so that nobody can craft two items that collide.
/// </summary>
public static class IdentityFingerprint
{
    /// <summary>Equal for equal pairs, and in practice for nothing else.</summary>
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
/// Remembers identities in 8 MiB, however many there are (a Bloom filter with 4 probes): it never forgets one, and says
/// "maybe" to about one new identity in 500 once it holds ten million.
/// </summary>
public sealed class SeenFilter
{
    private const int Words = 1 << 20; // 8 MiB of 64-bit words

    private readonly ulong[] bits = new ulong[Words];

    /// <summary>False = certainly new. True = perhaps seen before.</summary>
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
