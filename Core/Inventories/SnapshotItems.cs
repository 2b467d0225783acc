using Kollect.Core.Collection;

namespace Kollect.Core.Inventories;

/// <summary>What several targets collected -> the items of one snapshot.</summary>
public static class SnapshotItems
{
    /// <summary>
    /// In ordinal order of target and uid, so that equal content gives equal bytes whatever order it was collected in. <see cref="Dedupe.ByResourceUid"/> keeps
    /// of the items with one uid that of the target whose name comes first.
    /// </summary>
    /// <param name="items">In any order; of the same target and uid the last one counts.</param>
    /// <param name="dedupe">What becomes of an object that several targets collected.</param>
    public static IEnumerable<CollectedItem> Of(IEnumerable<CollectedItem> items, Dedupe dedupe)
    {
        var latest = new Dictionary<(string Target, string Uid), CollectedItem>();
        foreach (var item in items)
            latest[(item.TargetName, item.Uid)] = item;
        var ordered = latest.Values.OrderBy(item => item.TargetName, StringComparer.Ordinal).ThenBy(item => item.Uid, StringComparer.Ordinal);
        return dedupe == Dedupe.ByResourceUid ? ordered.DistinctBy(item => item.Uid) : ordered;
    }
}
