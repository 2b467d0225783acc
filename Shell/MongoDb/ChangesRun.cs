using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Snapshots;

namespace Kollect.MongoDb;

/// <summary>Writes rows and then deletes others, on top of what the ledger names.</summary>
/// <param name="others">Counts of the items that are not among them.</param>
internal sealed class ChangesRun(IMongoDb server, Namespace collection, SnapshotHeader header, SnapshotCounts others)
{
    private readonly Upserts upserts = new(DocumentsOf(header), skipUnchanged: false);
    private SnapshotCounts read = others;
    private long deleted;

    /// <summary>What was written so far.</summary>
    public WrittenChanges Written => new(read, upserts.Counts, deleted, upserts.Refused, upserts.Miscount);

    /// <summary>Writes of a difference: they find no row under another cluster label.</summary>
    public static Documents DocumentsOf(SnapshotHeader header) => new(header, mayAdopt: false) { OnlyOwnCluster = true };

    /// <summary>Afterwards every row is acknowledged.</summary>
    public async Task UpsertAsync(IEnumerable<RowOrRejection> rows, CancellationToken cancel)
    {
        foreach (var element in rows)
        {
            read = read.Add(element);
            if (element is RowOrRejection.Accepted { Row: var row })
                upserts.Add(row);
            if (upserts.IsFull)
                await SendAsync(cancel);
        }

        await SendAsync(cancel);
    }

    /// <summary>Each batch is sent before the next one is taken.</summary>
    public async Task DeleteAsync(IEnumerable<WriteBatch> batches, CancellationToken cancel)
    {
        foreach (var batch in batches)
            deleted += (await server.WriteAsync(collection, batch, cancel)).Deleted;
    }

    private async Task SendAsync(CancellationToken cancel)
    {
        var batch = upserts.Take();
        var next = upserts.After(batch, await server.WriteAsync(collection, batch, cancel), again: false);
        if (next is AfterWrite.Again { Batch: var retry })
            next = upserts.After(retry, await server.WriteAsync(collection, retry, cancel), again: true);
        if (next is AfterWrite.Failed { Why: var why })
            throw new MongoDbException(why.Fault, "the server refused a write");
        upserts.Recycle(batch);
    }
}
