using System.Security.Cryptography;

namespace Kollect.Core.Collection;

/// <summary>The items of one snapshot, immutable.</summary>
/// <param name="Checksum">
/// SHA-256 over <see cref="CollectedItem.Digest"/> of each item in order, in lower-case hexadecimal. Equal = the items are the same, byte by byte.
/// </param>
/// <param name="Items">In ordinal order of target and uid, each identity once. Several threads may enumerate them, any number of times.</param>
public sealed record SnapshotContent(long Count, string Checksum, IEnumerable<CollectedItem> Items)
{
    /// <summary>A snapshot without items.</summary>
    public static SnapshotContent Nothing { get; } = OfOrdered([]);

    /// <summary>Merges the items of several targets into one snapshot.</summary>
    /// <param name="items">In any order; of items with the same target and uid the last one counts.</param>
    /// <param name="dedupe">The number of rows for an object that several targets collect.</param>
    public static SnapshotContent Of(IEnumerable<CollectedItem> items, Dedupe dedupe)
    {
        var latest = new Dictionary<(string Target, string Uid), CollectedItem>();
        foreach (var item in items)
            latest[(item.TargetName, item.Uid)] = item;
        var ordered = latest.Values.OrderBy(item => item.TargetName, StringComparer.Ordinal).ThenBy(item => item.Uid, StringComparer.Ordinal);
        return OfOrdered(ordered.ToArray(), dedupe);
    }

    /// <summary>The same for ordered items. They are enumerated once by this method, and again with each enumeration of <see cref="Items"/>.</summary>
    /// <param name="items">In ordinal order of target and uid, each identity once.</param>
    /// <param name="dedupe">With <see cref="Dedupe.ByResourceUid"/> the first item of each uid is kept.</param>
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
