using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Kollect.Core.Collection.Merkle;

namespace Kollect.Core.Collection;

/// <summary>The items of one snapshot, immutable. Snapshots share the parts in which they do not differ.</summary>
internal sealed class SnapshotContent
{
    /// <summary>In ordinal order of their names, each with items.</summary>
    private readonly ImmutableArray<TargetItems> targets;

    private readonly Lazy<string> checksum;

    private SnapshotContent(IEnumerable<TargetItems> targets)
    {
        this.targets = [.. targets.Where(target => target.Count > 0).OrderBy(target => target.TargetName, StringComparer.Ordinal)];
        Count = this.targets.Sum(static target => (long)target.Count);
        checksum = new Lazy<string>(ComputeChecksum);
    }

    /// <summary>A snapshot without items.</summary>
    public static SnapshotContent Nothing { get; } = new([]);

    /// <summary>The number of items.</summary>
    public long Count { get; }

    /// <summary>
    /// SHA-256 in lower-case hexadecimal. Equal exactly when the items are the same, byte by byte, whatever the order of the changes that led to them. After a
    /// change the parts that are shared with the snapshot before are not computed again.
    /// </summary>
    public string Checksum => checksum.Value;

    /// <summary>
    /// Each identity once, in ordinal order of targets; the order within a target depends on its items alone. Several threads may enumerate them, any number
    /// of times.
    /// </summary>
    public IEnumerable<CollectedItem> Items => targets.SelectMany(static target => target.Items);

    /// <summary>Merges the items of several targets into one snapshot.</summary>
    /// <param name="items">In any order; of items with the same target and uid the last one counts.</param>
    /// <param name="dedupe">With <see cref="Dedupe.ByResourceUid"/> an item stays with the first target, in ordinal order.</param>
    public static SnapshotContent Of(IEnumerable<CollectedItem> items, Dedupe dedupe)
    {
        var all = new SnapshotContent(
            items.GroupBy(item => item.TargetName, StringComparer.Ordinal).Select(target => TargetItems.Of(target.Key, target)));
        return dedupe == Dedupe.KeepAll ? all : Of(all.Items.DistinctBy(item => item.Uid, StringComparer.Ordinal), Dedupe.KeepAll);
    }

    /// <summary>All items of several targets.</summary>
    /// <param name="targets">Each name once, in any order.</param>
    public static SnapshotContent Of(IEnumerable<TargetItems> targets) => new(targets);

    /// <summary>The item of an identity.</summary>
    public Option<CollectedItem> Find(string target, string uid) => Target(target).Bind(it => it.Find(uid));

    /// <summary>What makes this snapshot of another one. The cost grows with the difference: shared parts and equal parts are skipped.</summary>
    /// <param name="before">Any snapshot.</param>
    public ContentChanges Since(SnapshotContent before)
    {
        var (changed, removed) = (new List<CollectedItem>(), new List<CollectedItem>());
        foreach (var target in targets)
            target.Collect(before.Target(target.TargetName).IfNone(() => TargetItems.None(target.TargetName)), changed, removed);
        foreach (var gone in before.targets.Where(target => Target(target.TargetName).IsNone))
            removed.AddRange(gone.Items);
        return new ContentChanges(changed, removed.ConvertAll(item => (item.TargetName, item.Uid)));
    }

    /// <summary>The snapshot after some changes; <c>before.With(after.Since(before))</c> has the items of <c>after</c>.</summary>
    public SnapshotContent With(ContentChanges changes)
    {
        var changed = targets.ToDictionary(target => target.TargetName, StringComparer.Ordinal);
        foreach (var (target, uid) in changes.Removed)
            if (changed.TryGetValue(target, out var items))
                changed[target] = items.Without(uid);
        foreach (var item in changes.Changed)
            changed[item.TargetName] = (changed.GetValueOrDefault(item.TargetName) ?? TargetItems.None(item.TargetName)).With(item);
        return new SnapshotContent(changed.Values);
    }

    private Option<TargetItems> Target(string name)
    {
        var (low, high) = (0, targets.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            switch (string.CompareOrdinal(targets[middle].TargetName, name))
            {
                case 0: return targets[middle];
                case < 0: low = middle + 1; break;
                default: high = middle - 1; break;
            }
        }

        return None;
    }

    // For each target: bytes of its name (4, big-endian), name in UTF-8, hash of its items (32).
    private string ComputeChecksum()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(int)];
        Span<byte> digest = stackalloc byte[Sha256Digest.Length];
        foreach (var target in targets)
        {
            var name = Encoding.UTF8.GetBytes(target.TargetName);
            BinaryPrimitives.WriteInt32BigEndian(number, name.Length);
            target.Hash.Write(digest);
            hash.AppendData(number);
            hash.AppendData(name);
            hash.AppendData(digest);
        }

        return $"{Sha256Digest.Of(hash)}";
    }
}
