using Kollect.Core.Collection.Merkle;

namespace Kollect.Core.Collection;

/// <summary>The items of one target by uid, immutable. A change costs some microseconds and about a kilobyte, whatever the number of items.</summary>
internal sealed class TargetItems
{
    private readonly MerkleNode? root;

    private TargetItems(string targetName, MerkleNode? root) => (TargetName, this.root) = (targetName, root);

    /// <summary><see cref="CollectedItem.TargetName"/> of each item.</summary>
    public string TargetName { get; }

    /// <summary>The number of items.</summary>
    public int Count => root?.Count ?? 0;

    /// <summary>Each once, in an order that depends on the items alone. Several threads may enumerate them, any number of times.</summary>
    public IEnumerable<CollectedItem> Items => MerkleNode.All(root);

    /// <summary>Equal exactly when the items are the same; of no meaning without items.</summary>
    internal Sha256Digest Hash => root?.Hash ?? default;

    /// <summary>No items.</summary>
    public static TargetItems None(string targetName) => new(targetName, null);

    /// <summary>Items of one target.</summary>
    /// <param name="items">Of items with the same uid the last one counts.</param>
    public static TargetItems Of(string targetName, IEnumerable<CollectedItem> items)
    {
        var latest = new Dictionary<string, CollectedItem>(StringComparer.Ordinal);
        foreach (var item in items)
            latest[item.Uid] = item;
        return new TargetItems(targetName, MerkleNode.Of([.. latest.Values]));
    }

    /// <summary>The item of a uid.</summary>
    public Option<CollectedItem> Find(string uid) => Optional(root?.Find(uid, MerkleNode.Placement(uid), 0));

    /// <summary>Adds or replaces an item. The same instance = the item was there already, with the same content.</summary>
    public TargetItems With(CollectedItem item) => With(root?.With(item, MerkleNode.Placement(item.Uid), 0) ?? MerkleNode.Of([item]));

    /// <summary>Removes an item. The same instance = there was none.</summary>
    public TargetItems Without(string uid) => With(root?.Without(uid, MerkleNode.Placement(uid), 0));

    /// <summary>What makes these items of those.</summary>
    /// <param name="before">Of the same target.</param>
    internal void Collect(TargetItems before, List<CollectedItem> changed, List<CollectedItem> removed) =>
        MerkleDifference.Collect(before.root, root, changed, removed);

    private TargetItems With(MerkleNode? other) => other == root ? this : new TargetItems(TargetName, other);
}
