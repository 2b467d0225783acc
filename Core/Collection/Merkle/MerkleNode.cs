using System.Text;

namespace Kollect.Core.Collection.Merkle;

/// <summary>
/// A hash trie of items by uid, immutable: a change copies the nodes on the path of one uid and shares all others. Its shape depends on the items alone
/// and not on the order of changes, so that two tries have the same <see cref="Hash"/> exactly when they have the same items.
/// </summary>
internal abstract class MerkleNode
{
    /// <summary>A node of so many items or fewer is a leaf.</summary>
    public const int MaxLeaf = 32;

    /// <summary>The children of a branch: two bits of the placement.</summary>
    public const int Fanout = 4;

    /// <summary>The number of levels that 64 bits of placement have; a leaf of the last one has any number of items.</summary>
    private const int MaxDepth = 32;

    private Sha256Digest hash;
    private volatile bool isHashed;

    public abstract int Count { get; }

    /// <summary>
    /// SHA-256 of the items below, computed once when it is needed: uid and <see cref="CollectedItem.Digest"/> of each item of a leaf, and the hashes of the
    /// children of a branch.
    /// </summary>
    public Sha256Digest Hash
    {
        get
        {
            // Several threads may compute it; all write the same bytes, and none reads them before it sees that they are written.
            if (!isHashed)
            {
                hash = ComputeHash();
                isHashed = true;
            }

            return hash;
        }
    }

    /// <summary>The place of a uid. Taken from SHA-256, so that nobody chooses uids that share a leaf.</summary>
    public static ulong Placement(string uid)
    {
        var length = Encoding.UTF8.GetByteCount(uid);
        Span<byte> bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(uid, bytes);
        return Sha256Digest.Of(bytes).A;
    }

    /// <summary>Null = no items.</summary>
    /// <param name="items">Each uid once; the array is sorted by this method.</param>
    public static MerkleNode? Of(CollectedItem[] items, int depth = 0)
    {
        var placements = System.Array.ConvertAll(items, static item => Placement(item.Uid));
        System.Array.Sort(placements, items);
        return Of(placements, items, depth);
    }

    /// <summary>The trie with this item; the same trie where it has the same item already.</summary>
    /// <param name="placement">Of the item's uid.</param>
    /// <param name="depth">Of this node; 0 = it is the root.</param>
    public abstract MerkleNode With(CollectedItem item, ulong placement, int depth);

    /// <summary>The trie without the item of this uid; the same trie where it has none. Null = no items are left.</summary>
    public abstract MerkleNode? Without(string uid, ulong placement, int depth);

    /// <summary>Null = there is none.</summary>
    public abstract CollectedItem? Find(string uid, ulong placement, int depth);

    /// <summary>In an order that depends on the items alone.</summary>
    public static IEnumerable<CollectedItem> All(MerkleNode? root)
    {
        var rest = new Stack<MerkleNode?>([root]);
        while (rest.TryPop(out var node))
            if (node is MerkleLeaf leaf)
            {
                foreach (var item in leaf.Items)
                    yield return item;
            }
            else if (node is MerkleBranch branch)
            {
                for (var slot = Fanout - 1; slot >= 0; slot--)
                    rest.Push(branch.Child(slot));
            }
    }

    protected static bool IsLeaf(int count, int depth) => count <= MaxLeaf || depth == MaxDepth;

    protected static int Slot(ulong placement, int depth) => (int)(placement >> (62 - (2 * depth))) & (Fanout - 1);

    protected abstract Sha256Digest ComputeHash();

    /// <param name="placements">Sorted, one for each item.</param>
    private static MerkleNode? Of(ReadOnlySpan<ulong> placements, ReadOnlySpan<CollectedItem> items, int depth)
    {
        if (items.IsEmpty)
            return null;
        if (IsLeaf(items.Length, depth))
            return MerkleLeaf.Of(items);
        var children = new MerkleChildren();
        for (int slot = 0, start = 0; slot < Fanout; slot++)
        {
            var end = start;
            while (end < placements.Length && Slot(placements[end], depth) == slot)
                end++;
            children[slot] = Of(placements[start..end], items[start..end], depth + 1);
            start = end;
        }

        return new MerkleBranch(children);
    }
}
