using Kollect.Core.Exports;
using Kollect.Core.MongoDb;
using Kollect.Core.Provisioning;
using Kollect.Core.Rows;
using Kollect.Shell.Exports;

namespace Kollect.Shell.MongoDb;

/// <summary>One export: upserts, a second look, then the stale rows.</summary>
internal sealed class Export(IMongoDb server, ExportPlan plan, Documents documents, IProgress<ExportProgress>? progress)
{
    private const int ItemsPerReport = 1_000;

    /// <summary>Identities of stale rows held in memory; when there are more, the scope is read once more.</summary>
    private const int StaleAtOnce = 100_000;

    private readonly Upserts upserts = new(documents, plan.SkipUnchanged);
    private UpsertBatch? sent;
    private Task<byte[]> answer = Task.FromResult<byte[]>([]);

    /// <summary>What the upserts did.</summary>
    public WriteCounts Counts => upserts.Counts;

    /// <summary>Creates what is missing, unless someone else does so at the same time.</summary>
    public static async Task<ProvisioningPlan> ProvisionAsync(IMongoDb server, Desired desired, CancellationToken cancel)
    {
        var observed = await Observe.DestinationAsync(server, desired.Collection, cancel);
        foreach (var change in Diff.Between(desired, observed).Match(changes => changes, _ => Empty))
            try
            {
                await server.CommandAsync(desired.Collection.Database, Commands.Create(change), cancel);
            }
            catch (MongoDbException answer) when (Commands.IsAlreadyThere(change, answer.Fault))
            {
            }

        return Plan.Provision(desired, observed);
    }

    /// <summary>Writes the snapshot; nothing is deleted yet.</summary>
    public async Task<SnapshotCounts> UpsertAsync(IAsyncEnumerable<RowOrRejection> rows, CancellationToken cancel)
    {
        var counts = SnapshotCounts.Zero;
        await foreach (var element in rows.WithCancellation(cancel))
        {
            counts = counts.Add(element);
            switch (element)
            {
                case RowOrRejection.Accepted { Row: var row }:
                    upserts.Add(row);
                    if (upserts.IsFull)
                        await SendAsync(cancel);
                    break;
                case RowOrRejection.Rejected rejected:
                    rejected.Identity.IfSome(identity => upserts.Keep(identity.TargetName, identity.SourceUid));
                    break;
            }

            if (counts.Items % ItemsPerReport == 0)
                Report(counts, "writing");
        }

        await SendAsync(cancel);
        await FinishAsync(cancel);
        return counts;
    }

    /// <summary>How to end, now that every upsert is acknowledged.</summary>
    public async Task<(ScopeFacts Now, Ending Ending)> ConcludeAsync(ScopeFacts before, SnapshotCounts read, CancellationToken cancel)
    {
        Report(read, "looking for stale rows");
        var now = await Observe.ScopeAsync(server, plan, cancel);
        return (now, plan.Conclude(before, now, read, upserts));
    }

    /// <summary>Deletes what is stale; gives the number of rows.</summary>
    public async Task<long> DeleteStaleAsync(Ending.DeleteStale ending, CancellationToken cancel)
    {
        if (ending.NeedsTouch)
            await WriteAsync(documents.Touch(), cancel);
        return ending.How switch
        {
            StaleDelete.ByWatermark => (await WriteAsync(documents.DeleteOlder(), cancel)).Deleted,
            StaleDelete.ByKey => await DeleteByKeyAsync(cancel),
            _ => 0,
        };
    }

    /// <summary>Takes back what this export inserted.</summary>
    public async Task TakeBackAsync(CancellationToken cancel)
    {
        foreach (var ids in upserts.Inserted.Chunk(WriteBatch.EnoughWrites))
            await WriteAsync(documents.DeleteOwn(ids), cancel);
    }

    /// <summary>While one batch is under way the next one fills.</summary>
    private async Task SendAsync(CancellationToken cancel)
    {
        await FinishAsync(cancel);
        sent = upserts.Take();
        answer = SendAsync(sent.Firsts, cancel);
    }

    private async Task FinishAsync(CancellationToken cancel)
    {
        if (sent is not { } batch)
            return;
        sent = null;
        await CountAsync(batch.Firsts, BulkAnswer.Read(await answer), repeats: false, cancel);
        if (batch.Repeats.Writes.Count > 0)
            await CountAsync(batch.Repeats, await WriteAsync(batch.Repeats, cancel), repeats: true, cancel);
    }

    private async Task CountAsync(WriteBatch batch, BulkAnswer first, bool repeats, CancellationToken cancel)
    {
        var next = upserts.After(batch, first, repeats, again: false);
        if (next is AfterWrite.Again { Batch: var retry })
            next = upserts.After(retry, await WriteAsync(retry, cancel), repeats, again: true);
        if (next is AfterWrite.Failed { Why: var why })
            throw new MongoDbException(why.Fault, "the server refused a write");
    }

    private async Task<long> DeleteByKeyAsync(CancellationToken cancel)
    {
        long deleted = 0, before;
        do
        {
            before = deleted;
            var stale = new List<StoredIdentity>();
            await server.FindAsync(
                plan.Collection,
                documents.Scope,
                Documents.OnlyIdentities,
                document =>
                {
                    var row = StoredIdentity.Read(document);
                    if (plan.IsStale(row, upserts))
                        stale.Add(row);
                    return stale.Count < StaleAtOnce;
                },
                cancel);
            foreach (var rows in stale.Chunk(WriteBatch.EnoughWrites))
                deleted += (await WriteAsync(documents.DeleteStale(rows), cancel)).Deleted;
        }
        while (deleted - before == StaleAtOnce);
        return deleted;
    }

    private async Task<BulkAnswer> WriteAsync(WriteBatch batch, CancellationToken cancel) =>
        BulkAnswer.Read(await SendAsync(batch, cancel));

    private Task<byte[]> SendAsync(WriteBatch batch, CancellationToken cancel) =>
        batch.Writes.Count == 0 ? Task.FromResult(BulkAnswer.OfNothing) : server.WriteAsync(plan.Collection, batch, cancel);

    private void Report(SnapshotCounts counts, string doing) =>
        progress?.Report(new ExportProgress(counts.Items, counts.Bytes, doing));
}
