using Kollect.Core.Collection;

namespace Kollect.Operator.Collection;

/// <summary>The items of one target in the form in which they take little memory. Not for several threads; its items are.</summary>
internal sealed class HeldItems(string targetName)
{
    /// <summary>A coding takes about as much memory as it saves with so many items of 1 kB.</summary>
    internal const int EncodedFrom = 256;

    private readonly Dictionary<string, ItemOrigin> origins = new(StringComparer.Ordinal);
    private IItemCoding? coding;

    /// <summary>Immutable; replaced when something changes.</summary>
    public TargetItems Items { get; private set; } = TargetItems.None(targetName);

    /// <summary>Adds or replaces an item. False = it was there already, with the same content.</summary>
    /// <param name="uid">Of the item; this instance is kept, which others keep as well.</param>
    public bool Add(CollectedItem item, string uid)
    {
        if (Items.Find(item.Uid).Exists(it => it.Digest == item.Digest))
            return false;
        Items = Items.With(Held(item, uid));
        if (coding is not null || Items.Count < EncodedFrom)
            return true;
        coding = new ZstdCoding(Items.Items);
        origins.Clear();
        Items = TargetItems.Of(targetName, Items.Items.Select(it => Held(it, it.Uid)).ToArray());
        return true;
    }

    /// <summary>Removes an item. False = there was none.</summary>
    public bool Remove(string uid)
    {
        var before = Items;
        Items = before.Without(uid);
        return Items != before;
    }

    private CollectedItem Held(CollectedItem item, string uid)
    {
        if (!origins.TryGetValue(item.Namespace, out var origin))
            origins[item.Namespace] = origin = new ItemOrigin(targetName, item.Namespace, coding);
        return item.Held(origin, uid);
    }
}
