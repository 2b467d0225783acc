using System.Diagnostics;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Snapshots;
using Kollect.Shell.Backends.Disk;
using Kollect.Shell.Exports;

namespace Kollect.MongoDb;

/// <summary>
/// One export: reads the whole input, sends the upserts, reads the scope again, and deletes the stale rows. Its memory does not grow with the snapshot.
/// </summary>
internal sealed class ExportRun(IMongoDb server, ExportPlan plan, Documents documents, IProgress<ExportProgress>? progress) : IDisposable
{
    private const int ItemsPerReport = 1_000;

    private readonly Upserts upserts = new(documents, plan.SkipUnchanged);
    private readonly SnapshotIdentities identities = new();
    private readonly Spool rows = new(memoryBytes: 2 << 20);
    private readonly Spool inserts = new(memoryBytes: 1 << 20);
    private WriteBatch ownInserts = new();

    /// <summary>The results of the upserts.</summary>
    public WriteCounts Counts => upserts.Counts;

    /// <summary>Those of the snapshot.</summary>
    public IdentityCounts Identities => identities.Counts;

    /// <summary>Nothing is sent yet.</summary>
    public async Task<SnapshotCounts> ReadAsync(IAsyncEnumerable<RowOrRejection> elements, CancellationToken cancel)
    {
        var counts = SnapshotCounts.Of(plan.Header);
        await foreach (var element in elements.WithCancellation(cancel))
        {
            counts = counts.Add(element);
            switch (element)
            {
                case RowOrRejection.Accepted { Row: var row }:
                    identities.Add(row.TargetName, row.SourceUid);
                    upserts.Add(row);
                    if (upserts.IsFull)
                        PutAside();
                    break;
                case RowOrRejection.Rejected rejected:
                    rejected.Identity.IfSome(identity => identities.Keep(identity.TargetName, identity.SourceUid));
                    break;
            }

            if (counts.Items % ItemsPerReport == 0)
                Report(counts, "reading");
        }

        // Nothing was written yet, and not every stream ends with its token.
        cancel.ThrowIfCancellationRequested();
        PutAside();
        identities.Complete();
        return counts;
    }

    /// <summary>Afterwards every row is acknowledged; nothing is deleted yet.</summary>
    public async Task UpsertAsync(SnapshotCounts read, CancellationToken cancel)
    {
        var start = 0L;
        using var overruled = identities.Overruled.GetEnumerator();
        var hasNext = overruled.MoveNext();
        foreach (var batch in rows.Read())
        {
            Report(read, "upserting");
            var count = batch.Writes.Count;
            List<int> removed = [];
            for (; hasNext && overruled.Current < start + count; hasNext = overruled.MoveNext())
                removed.Add((int)(overruled.Current - start));
            batch.Remove(removed);
            await UpsertAsync(batch, cancel);
            start += count;
        }
    }

    /// <summary>Deletes what is stale, until the scope is read without such rows or the export has to end in another way.</summary>
    public async Task<(ScopeFacts Now, long Deleted, Ending Ending)> ConcludeAsync(ScopeFacts before, SnapshotCounts read, CancellationToken cancel)
    {
        Report(read, "looking for stale rows");
        for (var (deletes, deleted) = (0, 0L); ; deletes++)
        {
            var now = await Observe.ScopeAsync(server, plan, cancel);
            var ending = plan.Conclude(before, now, read, Identities, upserts, deletes);
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
        inserts.Add(ownInserts);
        foreach (var batch in inserts.Read())
            await WriteAsync(batch, cancel);
    }

    public void Dispose()
    {
        identities.Dispose();
        rows.Dispose();
        inserts.Dispose();
    }

    private void PutAside()
    {
        var batch = upserts.Take();
        if (rows.Add(batch))
            upserts.Recycle(batch);
    }

    private async Task UpsertAsync(WriteBatch batch, CancellationToken cancel)
    {
        if (batch.Writes.Count == 0)
            return;
        var next = upserts.After(batch, await SendAsync(batch, cancel), again: false);
        if (next is AfterWrite.Again { Batch: var retry })
            next = upserts.After(retry, await SendAsync(retry, cancel), again: true);
        if (next is AfterWrite.Failed { Why: var why })
            throw new MongoDbException(why.Fault, "the server refused a write");
    }

    /// <summary>Writes rows, and keeps how their inserts are taken back.</summary>
    private async Task<BulkAnswer> SendAsync(WriteBatch batch, CancellationToken cancel)
    {
        var answer = await WriteAsync(batch, cancel);
        foreach (var id in answer.Inserted)
            documents.DeleteOwn(ownInserts, id);
        if (ownInserts.IsFull)
            ownInserts = inserts.PutAside(ownInserts);
        return answer;
    }

    private async Task<long> DeleteByKeyAsync(CancellationToken cancel)
    {
        using var stale = new StaleRows(documents, identities);
        await server.FindAsync(
            plan.Collection,
            documents.Scope,
            Documents.OnlyIdentities,
            document =>
            {
                var row = StoredRow.Read(document);
                if (plan.MayBeStale(row))
                    stale.Add(row.Identity);
                return true;
            },
            cancel);
        var deleted = 0L;
        foreach (var batch in stale.Deletes())
            deleted += (await WriteAsync(batch, cancel)).Deleted;
        return deleted;
    }

    private Task<BulkAnswer> WriteAsync(WriteBatch batch, CancellationToken cancel) => server.WriteAsync(plan.Collection, batch, cancel);

    private void Report(SnapshotCounts counts, string doing) =>
        progress?.Report(new ExportProgress(counts.Items, counts.Bytes, doing));
}
