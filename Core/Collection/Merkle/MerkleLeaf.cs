using System.Buffers.Binary;
using System.Text;

namespace Kollect.Core.Collection.Merkle;

/// <summary>A few items in ordinal order of their uids; at least one.</summary>
internal sealed class MerkleLeaf : MerkleNode
{
    private readonly CollectedItem[] items;

    private MerkleLeaf(CollectedItem[] items) => this.items = items;

    public override int Count => items.Length;

    public IReadOnlyList<CollectedItem> Items => items;

    public static MerkleLeaf Of(ReadOnlySpan<CollectedItem> items)
    {
        var sorted = items.ToArray();
        System.Array.Sort(sorted, static (one, other) => string.CompareOrdinal(one.Uid, other.Uid));
        return new MerkleLeaf(sorted);
    }

    public override MerkleNode With(CollectedItem item, ulong placement, int depth)
    {
        var at = IndexOf(item.Uid);
        if (at >= 0)
            return items[at].Digest == item.Digest ? this : new MerkleLeaf([.. items[..at], item, .. items[(at + 1)..]]);
        CollectedItem[] more = [.. items[..~at], item, .. items[~at..]];
        return IsLeaf(more.Length, depth) ? new MerkleLeaf(more) : Of(more, depth)!;
    }

    public override MerkleNode? Without(string uid, ulong placement, int depth) => IndexOf(uid) switch
    {
        < 0 => this,
        _ when items.Length == 1 => null,
        var at => new MerkleLeaf([.. items[..at], .. items[(at + 1)..]]),
    };

    public override CollectedItem? Find(string uid, ulong placement, int depth) => IndexOf(uid) is >= 0 and var at ? items[at] : null;

    // 0 | for each item: bytes of the uid (4, big-endian), uid in UTF-8, digest (32)
    protected override Sha256Digest ComputeHash()
    {
        var length = 1 + items.Sum(static item => sizeof(int) + Encoding.UTF8.GetByteCount(item.Uid) + Sha256Digest.Length);
        Span<byte> bytes = length <= 4096 ? stackalloc byte[length] : new byte[length];
        bytes[0] = 0;
        var rest = bytes[1..];
        foreach (var item in items)
        {
            var uid = Encoding.UTF8.GetBytes(item.Uid, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, uid);
            item.Digest.Write(rest[(sizeof(int) + uid)..]);
            rest = rest[(sizeof(int) + uid + Sha256Digest.Length)..];
        }

        return Sha256Digest.Of(bytes);
    }

    /// <summary>Negative = there is none; the complement is its place.</summary>
    private int IndexOf(string uid)
    {
        var (low, high) = (0, items.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (string.CompareOrdinal(items[middle].Uid, uid))
            {
                case 0: return middle;
                case < 0: low = middle + 1; break;
                default: high = middle - 1; break;
            }
        }

        return ~low;
    }
}
