using Kollect.Core.Backends.Postgres;
using Kollect.Core.Snapshots;
using Npgsql;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>
/// Writes rows as arrays of parameters, then deletes the stale ones by key. Uses 16 bytes of memory for each identity of the snapshot,
/// and holds at most <see cref="StaleAtOnce"/> identities of stale rows.
/// </summary>
internal sealed class BatchWrite(Session session, ExportPlan plan, bool mayAdopt) : IWrite
{
    private const int MaxRows = 1_000;
    private const int MaxBytes = 4 << 20;

    /// <summary>Each delete reads the scope once.</summary>
    private const int StaleAtOnce = 50_000;

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
        return !deleteStale ? counts : await new StaleRows(session, plan).DeleteAsync(
            counts, new ScopeSize(written.Count, kept.Count(identity => !written.Contains(identity))), () => DeleteStaleAsync(cancel), cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task FlushAsync(CancellationToken cancel)
    {
        if (batch.Count == 0)
            return;
        Row[] fresh = [.. batch.Values.Where(pending => !pending.Seen).Select(pending => pending.Row)];
        Row[] again = [.. batch.Values.Where(pending => pending.Seen).Select(pending => pending.Row)];
        counts = await UpsertAsync(fresh, cancel);
        counts = counts with { Miscount = (await UpsertAsync(again, cancel)).Miscount }; // counted when this export wrote them first
        written.UnionWith(batch.Keys);
        batch.Clear();
        batchBytes = 0;
    }

    /// <summary>The counts with those of <paramref name="rows"/>.</summary>
    private async Task<WriteCounts> UpsertAsync(Row[] rows, CancellationToken cancel)
    {
        if (rows.Length == 0)
            return counts;
        var (held, adopted) = mayAdopt || !plan.Batches.TellsNewRows ? await CountHeldAsync(rows, cancel) : (0, 0);
        if (adopted > 0 && counts.Adopted == 0)
        {
            await session.LockAsync(ExportStatements.Lock, plan.Statements.InventoryLockName(plan.Header.Scope), AwaitedLock.Inventory, cancel);
            (held, adopted) = await CountHeldAsync(rows, cancel);
        }

        var (inserted, all) = await session.QueryRowAsync(plan.Batches.Upsert(plan.SkipUnchanged), TwoCounts, cancel, Values());
        inserted = plan.Batches.TellsNewRows ? inserted : rows.Length - held;
        var written = plan.Upserted(counts.Adding(inserted, all - inserted - adopted, adopted), rows.Length, all);
        return plan.ChecksRows
            ? written.Unaltered(rows.Length, await session.QueryRowAsync(plan.Checks.Batch, row => row.GetInt64(0), cancel, Values()))
            : written;

        object[] Values() => [.. parameters.OfExport, .. RowParameters.Arrays(rows)];
    }

    private Task<(long Held, long Adopted)> CountHeldAsync(Row[] rows, CancellationToken cancel) =>
        session.QueryRowAsync(plan.Batches.CountHeld, TwoCounts, cancel, [.. parameters.OfScope, .. RowParameters.Identities(rows)]);

    private static (long, long) TwoCounts(NpgsqlDataReader row) => (row.GetInt64(0), row.GetInt64(1));

    private async Task<long> DeleteStaleAsync(CancellationToken cancel)
    {
        var deleted = 0L;
        var stale = new List<RowIdentity>();
        await foreach (var page in IdentityPages.ReadAsync(session, plan, cancel))
        {
            stale.AddRange(page.Filter(row => !IsCurrent(row)));
            if (stale.Count == 0 || (page.Count == IdentityPages.Size && stale.Count <= StaleAtOnce - IdentityPages.Size))
                continue;
            deleted += await DeleteAsync(stale, cancel);
            stale.Clear();
        }

        return deleted;
    }

    private async Task<long> DeleteAsync(List<RowIdentity> stale, CancellationToken cancel)
    {
        if (plan.Batches.Form != TableForm.Citus)
            return await new HistoryTable(session, plan.History, plan.Header).DeleteAsync(
                plan.Batches.DeleteByIdentity,
                cancel,
                [.. parameters.OfScope, stale.Select(row => row.TargetName).ToArray(), stale.Select(row => row.SourceUid).ToArray()]);
        var deleted = 0L;
        foreach (var target in stale.GroupBy(row => row.TargetName, row => row.SourceUid, StringComparer.Ordinal))
            deleted += await session.ExecuteAsync(plan.Batches.DeleteOfTarget, cancel, [.. parameters.OfScope, target.Key, target.ToArray()]);
        return deleted;
    }

    private bool IsCurrent(RowIdentity row)
    {
        var fingerprint = IdentityFingerprint.Of(row.TargetName, row.SourceUid);
        return written.Contains(fingerprint) || kept.Contains(fingerprint);
    }
}
