namespace Kollect.Core.Collection.Merkle;

/// <summary>Compares two tries; shared nodes are skipped, and so are nodes with the same hash.</summary>
internal static class MerkleDifference
{
    /// <summary>Adds to <paramref name="changed"/> what is new or has another content, and to <paramref name="removed"/> what there is no more.</summary>
    /// <param name="before">Null = no items.</param>
    /// <param name="after">Null = no items; of the same depth as <paramref name="before"/>.</param>
    public static void Collect(MerkleNode? before, MerkleNode? after, List<CollectedItem> changed, List<CollectedItem> removed)
    {
        if (before == after || (before is not null && after is not null && before.Hash == after.Hash))
            return;
        if (before is MerkleBranch old && after is MerkleBranch now)
        {
            for (var slot = 0; slot < MerkleNode.Fanout; slot++)
                Collect(old.Child(slot), now.Child(slot), changed, removed);
            return;
        }

        // One of them is a leaf, so that the difference is about as large as the other one.
        var rest = MerkleNode.All(before).ToDictionary(item => item.Uid, StringComparer.Ordinal);
        foreach (var item in MerkleNode.All(after))
            if (!rest.Remove(item.Uid, out var was) || was.Digest != item.Digest)
                changed.Add(item);
        removed.AddRange(rest.Values);
    }
}
