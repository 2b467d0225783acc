using System.Diagnostics;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Backends.MongoDb;

/// <summary>One export: reads the whole input, sends the upserts, reads the scope again, and deletes the stale rows.</summary>
internal sealed class ExportRun(IMongoDb server, ExportPlan plan, Documents documents, IProgress<ExportProgress>? progress)
{
    private const int ItemsPerReport = 1_000;

    /// <summary>Identities of stale rows held in memory; when there are more, the scope is read once more.</summary>
    private const int StaleAtOnce = 100_000;

    private readonly Upserts upserts = new(documents, plan.SkipUnchanged);

    /// <summary>The results of the upserts.</summary>
    public WriteCounts Counts => upserts.Counts;

    /// <summary>Nothing is sent yet.</summary>
    public async Task<SnapshotCounts> ReadAsync(IAsyncEnumerable<RowOrRejection> rows, Spool spool, CancellationToken cancel)
    {
        var counts = SnapshotCounts.Of(plan.Header);
        await foreach (var element in rows.WithCancellation(cancel))
        {
            counts = counts.Add(element);
            switch (element)
            {
                case RowOrRejection.Accepted { Row: var row }:
                    upserts.Add(row);
                    if (upserts.IsFull)
                        PutAside(spool);
                    break;
                case RowOrRejection.Rejected rejected:
                    rejected.Identity.IfSome(identity => upserts.Keep(identity.TargetName, identity.SourceUid));
                    break;
            }

            if (counts.Items % ItemsPerReport == 0)
                Report(counts, "reading");
        }

        // Nothing was written yet, and not every stream ends with its token.
        cancel.ThrowIfCancellationRequested();
        PutAside(spool);
        return counts;
    }

    /// <summary>Afterwards every row is acknowledged; nothing is deleted yet.</summary>
    public async Task UpsertAsync(SnapshotCounts read, Spool spool, CancellationToken cancel)
    {
        foreach (var batch in spool.Read())
        {
            Report(read, "upserting");
            await UpsertAsync(batch.Firsts, repeats: false, cancel);
            await UpsertAsync(batch.Repeats, repeats: true, cancel);
        }
    }

    /// <summary>Deletes what is stale, until the scope is read without such rows or the export has to end in another way.</summary>
    public async Task<(ScopeFacts Now, long Deleted, Ending Ending)> ConcludeAsync(ScopeFacts before, SnapshotCounts read, CancellationToken cancel)
    {
        Report(read, "looking for stale rows");
        for (var (deletes, deleted) = (0, 0L); ; deletes++)
        {
            var now = await Observe.ScopeAsync(server, plan, cancel);
            var ending = plan.Conclude(before, now, read, upserts, deletes);
            if (ending is not Ending.DeleteStale { How: var how })
                return (now, deleted, ending);
            deleted += how switch
            {
                StaleDelete.ByWatermark => (await WriteAsync(documents.DeleteOlder(), cancel)).Deleted,
                StaleDelete.ByKey => await DeleteByKeyAsync(cancel),
                _ => throw new UnreachableException(),
            };
        }
    }

    /// <summary>Gives one row of the scope the time of the snapshot. Not before stale rows are deleted: it must not be one of them.</summary>
    public Task TouchAsync(CancellationToken cancel) => WriteAsync(documents.Touch(), cancel);

    /// <summary>Deletes the rows that this export inserted.</summary>
    public async Task TakeBackAsync(CancellationToken cancel)
    {
        foreach (var ids in upserts.Inserted.Chunk(WriteBatch.EnoughWrites))
            await WriteAsync(documents.DeleteOwn(ids), cancel);
    }

    private void PutAside(Spool spool)
    {
        var batch = upserts.Take();
        if (spool.Add(batch))
            upserts.Recycle(batch);
    }

    private async Task UpsertAsync(WriteBatch batch, bool repeats, CancellationToken cancel)
    {
        if (batch.Writes.Count == 0)
            return;
        var next = upserts.After(batch, await WriteAsync(batch, cancel), repeats, again: false);
        if (next is AfterWrite.Again { Batch: var retry })
            next = upserts.After(retry, await WriteAsync(retry, cancel), repeats, again: true);
        if (next is AfterWrite.Failed { Why: var why })
            throw new MongoDbException(why.Fault, "the server refused a write");
    }

    private async Task<long> DeleteByKeyAsync(CancellationToken cancel)
    {
        var (deleted, more) = (0L, true);
        while (more)
        {
            var stale = new List<StoredIdentity>();
            await server.FindAsync(
                plan.Collection,
                documents.Scope,
                Documents.OnlyIdentities,
                document =>
                {
                    var row = StoredRow.Read(document);
                    if (plan.IsStale(row, upserts))
                        stale.Add(row.Identity);
                    return stale.Count < StaleAtOnce;
                },
                cancel);
            var before = deleted;
            foreach (var rows in stale.Chunk(WriteBatch.EnoughWrites))
                deleted += (await WriteAsync(documents.DeleteStale(rows), cancel)).Deleted;
            more = stale.Count == StaleAtOnce && deleted > before;
        }

        return deleted;
    }

    private Task<BulkAnswer> WriteAsync(WriteBatch batch, CancellationToken cancel) => server.WriteAsync(plan.Collection, batch, cancel);

    private void Report(SnapshotCounts counts, string doing) =>
        progress?.Report(new ExportProgress(counts.Items, counts.Bytes, doing));
}
