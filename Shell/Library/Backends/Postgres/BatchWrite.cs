using Kollect.Core.Backends.Postgres;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>
/// Writes rows as arrays of parameters, then deletes the stale ones by key. Uses 16 bytes of memory for each identity of the snapshot.
/// </summary>
internal sealed class BatchWrite(Session session, ExportPlan plan) : IWrite
{
    private const int MaxRows = 1_000;
    private const int MaxBytes = 4 << 20;
    private const int PageSize = 10_000;

    private readonly RowParameters parameters = new(plan.Header);
    private readonly System.Collections.Generic.HashSet<UInt128> written = [];
    private readonly System.Collections.Generic.HashSet<UInt128> kept = [];
    private readonly Dictionary<UInt128, Pending> batch = [];
    private int batchBytes;
    private WriteCounts counts = WriteCounts.Zero;

    private readonly record struct Pending(Row Row, bool Seen);

    public async ValueTask AddAsync(Row row, UInt128 fingerprint, CancellationToken cancel)
    {
        var seen = written.Contains(fingerprint);
        if (seen || batch.ContainsKey(fingerprint))
            counts = counts with { Duplicates = counts.Duplicates + 1 };
        batch[fingerprint] = new Pending(row with { Payload = row.Payload.ToArray() }, seen);
        batchBytes += row.Payload.Length;
        if (batch.Count >= MaxRows || batchBytes >= MaxBytes)
            await FlushAsync(cancel);
    }

    public ValueTask KeepAsync(string targetName, string sourceUid, CancellationToken cancel)
    {
        kept.Add(IdentityFingerprint.Of(targetName, sourceUid));
        return ValueTask.CompletedTask;
    }

    public async Task<WriteCounts> FinishAsync(bool deleteStale, CancellationToken cancel)
    {
        await FlushAsync(cancel);
        return deleteStale ? counts with { Deleted = await DeleteStaleAsync(cancel) } : counts;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (batch.Count == 0)
            return;
        Row[] rows = [.. batch.Values.Select(pending => pending.Row)];
        Row[] writtenBefore = [.. batch.Values.Where(pending => pending.Seen).Select(pending => pending.Row)];
        var added = await session.QueryRowAsync(
            plan.Statements.UpsertBatch(plan.SkipUnchanged),
            row => (Inserted: row.GetInt64(0), Rewritten: row.GetInt64(1), Adopted: row.GetInt64(2)),
            cancel,
            [.. parameters.OfExport, .. RowParameters.Arrays(rows), .. RowParameters.Identities(writtenBefore)]);
        counts = counts with
        {
            Inserted = counts.Inserted + added.Inserted,
            Rewritten = counts.Rewritten + added.Rewritten,
            Adopted = counts.Adopted + added.Adopted,
        };
        written.UnionWith(batch.Keys);
        batch.Clear();
        batchBytes = 0;
    }

    private async Task<long> DeleteStaleAsync(CancellationToken cancel)
    {
        var deleted = 0L;
        for (var (last, more) = (("", ""), true); more;)
        {
            var page = await session.QueryAsync(
                plan.Statements.PageOfIdentities,
                row => (row.GetString(0), row.GetString(1)),
                cancel,
                [.. parameters.OfScope, last.Item1, last.Item2, PageSize]);
            var stale = page.Filter(row => !IsCurrent(row)).ToArray();
            if (stale.Length > 0)
                deleted += await session.ExecuteAsync(
                    plan.Statements.DeleteByIdentity,
                    cancel,
                    [.. parameters.OfScope, stale.Select(row => row.Item1).ToArray(), stale.Select(row => row.Item2).ToArray()]);
            more = page.Count == PageSize;
            last = page.IsEmpty ? last : page.Last;
        }

        return deleted;
    }

    private bool IsCurrent((string TargetName, string SourceUid) row)
    {
        var fingerprint = IdentityFingerprint.Of(row.TargetName, row.SourceUid);
        return written.Contains(fingerprint) || kept.Contains(fingerprint);
    }
}
