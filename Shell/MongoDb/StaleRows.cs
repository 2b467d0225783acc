using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Snapshots;
using Kollect.Shell.Backends.Disk;

namespace Kollect.MongoDb;

/// <summary>Finds the stored rows that are not in the snapshot, in bounded memory.</summary>
internal sealed class StaleRows(Documents documents, SnapshotIdentities identities) : IDisposable
{
    /// <summary>Stored rows that are looked up together: each time all identities of the snapshot are read.</summary>
    private const int AtOnce = 1 << 15;

    private readonly Dictionary<UInt128, StoredIdentity> stored = [];
    private readonly Spool deletes = new(memoryBytes: 1 << 20);
    private WriteBatch filling = new();

    /// <summary>A row of the scope.</summary>
    public void Add(StoredIdentity row)
    {
        stored[IdentityFingerprint.Of(row.TargetName, row.SourceUid)] = row;
        if (stored.Count == AtOnce)
            LookUp();
    }

    /// <summary>Deletes of the stale rows, once all rows were added; each batch is valid until the next one.</summary>
    public IEnumerable<WriteBatch> Deletes()
    {
        LookUp();
        deletes.Add(filling);
        return deletes.Read();
    }

    public void Dispose() => deletes.Dispose();

    private void LookUp()
    {
        identities.RemoveFrom(stored);
        foreach (var row in stored.Values)
        {
            documents.DeleteStale(filling, row.TargetName, row.SourceUid);
            if (filling.IsFull)
                filling = deletes.PutAside(filling);
        }

        stored.Clear();
    }
}
