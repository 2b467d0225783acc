using System.Security.Cryptography;
using Kollect.Core.Collection;

namespace Kollect.Core.Inventories;

/// <summary>The items of one snapshot. Does not change.</summary>
/// <param name="Count">How many.</param>
/// <param name="Checksum">Equal = the same items, byte by byte: SHA-256 in lower-case hexadecimal.</param>
/// <param name="Items">In ordinal order of target and uid, each identity once; may be read again and again, and by several at once.</param>
public sealed record SnapshotContent(long Count, string Checksum, IEnumerable<CollectedItem> Items)
{
    /// <summary>No item.</summary>
    public static SnapshotContent Nothing { get; } = Of([], Dedupe.KeepAll);

    /// <summary>What several targets collected, as one snapshot.</summary>
    /// <param name="items">In any order; of the same target and uid the last one counts.</param>
    /// <param name="dedupe">What becomes of an object that several targets collected.</param>
    public static SnapshotContent Of(IEnumerable<CollectedItem> items, Dedupe dedupe)
    {
        var ordered = SnapshotItems.Of(items, dedupe).ToArray();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in ordered)
            hash.AppendData(SHA256.HashData(item.Json.Span));
        return new SnapshotContent(ordered.Length, Convert.ToHexStringLower(hash.GetHashAndReset()), ordered);
    }
}
