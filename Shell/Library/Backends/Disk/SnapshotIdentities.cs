using Kollect.Core.Snapshots;

namespace Kollect.Shell.Backends.Disk;

/// <summary>The identities of a snapshot, of any number, in bounded memory: 5 MiB, and 8 KiB more for each 65,536 of them.</summary>
/// <param name="atOnce">Identities that are sorted in memory.</param>
internal sealed class SnapshotIdentities(int atOnce = 1 << 16) : IDisposable
{
    private readonly SortedRuns<IdentityAt> all = new(atOnce);
    private readonly SortedRuns<long> overruled = new(atOnce);
    private long rows;

    /// <summary>Identities and duplicates; known once the whole snapshot is read.</summary>
    public IdentityCounts Counts { get; private set; } = new(0, 0, 0);

    /// <summary>The identity of the next row.</summary>
    public void Add(string targetName, string sourceUid) => all.Add(new IdentityAt(IdentityFingerprint.Of(targetName, sourceUid), rows++));

    /// <summary>The identity of a rejected item: its old row, if there is one, is not stale.</summary>
    public void Keep(string targetName, string sourceUid) =>
        all.Add(new IdentityAt(IdentityFingerprint.Of(targetName, sourceUid), IdentityAt.Kept));

    /// <summary>After the last identity.</summary>
    public void Complete() => Counts = IdentityCounts.Of(all.Read(), overruled.Add);

    /// <summary>Numbers of the rows that a later one overrules, ascending.</summary>
    public IEnumerable<long> Overruled => overruled.Read();

    /// <summary>Takes those away that belong to the snapshot. Reads all identities of the snapshot: worth it for many at once.</summary>
    public void RemoveFrom<T>(Dictionary<UInt128, T> stored)
    {
        foreach (var it in all.Read())
            stored.Remove(it.Identity);
    }

    public void Dispose()
    {
        all.Dispose();
        overruled.Dispose();
    }
}
