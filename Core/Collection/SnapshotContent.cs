using System.Security.Cryptography;

namespace Kollect.Core.Collection;

/// <summary>The items of one snapshot. Does not change.</summary>
/// <param name="Count">How many.</param>
/// <param name="Checksum">Equal = the same items, byte by byte: SHA-256 over <see cref="CollectedItem.Digest"/> of each item in order, in lower-case hexadecimal.</param>
/// <param name="Items">In ordinal order of target and uid, each identity once; may be read again and again, and by several at once.</param>
public sealed record SnapshotContent(long Count, string Checksum, IEnumerable<CollectedItem> Items)
{
    /// <summary>No item.</summary>
    public static SnapshotContent Nothing { get; } = OfOrdered([]);

    /// <summary>What several targets collected, as one snapshot.</summary>
    /// <param name="items">In any order; of the same target and uid the last one counts.</param>
    /// <param name="dedupe">What becomes of an object that several targets collected.</param>
    public static SnapshotContent Of(IEnumerable<CollectedItem> items, Dedupe dedupe)
    {
        var latest = new Dictionary<(string Target, string Uid), CollectedItem>();
        foreach (var item in items)
            latest[(item.TargetName, item.Uid)] = item;
        var ordered = latest.Values.OrderBy(item => item.TargetName, StringComparer.Ordinal).ThenBy(item => item.Uid, StringComparer.Ordinal);
        return OfOrdered(ordered.ToArray(), dedupe);
    }

    /// <summary>The same of items that are in order already, each identity once; they are read now, and whenever <see cref="Items"/> is.</summary>
    /// <param name="items">In ordinal order of target and uid.</param>
    /// <param name="dedupe"><see cref="Dedupe.ByResourceUid"/> keeps of the items with one uid that of the target whose name comes first.</param>
    public static SnapshotContent OfOrdered(IEnumerable<CollectedItem> items, Dedupe dedupe = Dedupe.KeepAll)
    {
        var kept = dedupe == Dedupe.ByResourceUid ? items.DistinctBy(item => item.Uid) : items;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var count = 0L;
        foreach (var item in kept)
        {
            hash.AppendData(item.Digest.Span);
            count++;
        }

        return new SnapshotContent(count, Convert.ToHexStringLower(hash.GetHashAndReset()), kept);
    }
}
