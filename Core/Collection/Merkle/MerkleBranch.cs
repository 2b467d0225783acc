using System.Runtime.CompilerServices;

namespace Kollect.Core.Collection.Merkle;

/// <summary>More items than one leaf holds, divided by two bits of their placements.</summary>
internal sealed class MerkleBranch : MerkleNode
{
    private readonly MerkleChildren children;

    public MerkleBranch(in MerkleChildren children)
    {
        this.children = children;
        foreach (var child in children)
            Count += child?.Count ?? 0;
    }

    public override int Count { get; }

    public MerkleNode? Child(int slot) => children[slot];

    public override MerkleNode With(CollectedItem item, ulong placement, int depth)
    {
        var slot = Slot(placement, depth);
        return With(slot, children[slot]?.With(item, placement, depth + 1) ?? MerkleLeaf.Of([item]));
    }

    public override MerkleNode? Without(string uid, ulong placement, int depth)
    {
        var slot = Slot(placement, depth);
        var rest = With(slot, children[slot]?.Without(uid, placement, depth + 1));
        return IsLeaf(rest.Count, depth) ? MerkleLeaf.Of([.. All(rest)]) : rest;
    }

    public override CollectedItem? Find(string uid, ulong placement, int depth) => children[Slot(placement, depth)]?.Find(uid, placement, depth + 1);

    // 1 | the hash of each child (32 bytes each; zeros = no items)
    protected override Sha256Digest ComputeHash()
    {
        Span<byte> bytes = stackalloc byte[1 + (Fanout * Sha256Digest.Length)];
        bytes.Clear();
        bytes[0] = 1;
        for (var slot = 0; slot < Fanout; slot++)
            children[slot]?.Hash.Write(bytes[(1 + (slot * Sha256Digest.Length))..]);
        return Sha256Digest.Of(bytes);
    }

    private MerkleBranch With(int slot, MerkleNode? child)
    {
        if (child == children[slot])
            return this;
        var changed = children;
        changed[slot] = child;
        return new MerkleBranch(changed);
    }
}

/// <summary>The children of a branch within its own memory; null = no items.</summary>
[InlineArray(MerkleNode.Fanout)]
internal struct MerkleChildren
{
    private MerkleNode? first;
}
