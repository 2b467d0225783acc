using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>
/// For an inventory without rows: COPY straight into the table until an identity may have come before; the rest goes
/// through <paramref name="next"/>.
/// </summary>
internal sealed class CopyFirstWrite(Session session, ExportPlan plan, SeenFilter seen, Func<Task<IWrite>> next) : IWrite
{
    private readonly RowWriter writer = new(Columns.All, plan.Header);
    private readonly CopyStream copy = new(session, plan.Statements.CopyRows);
    private IWrite? rest;

    public async ValueTask AddAsync(Row row, UInt128 fingerprint, CancellationToken cancel)
    {
        if (rest is null && seen.MaybeSeen(fingerprint))
        {
            await copy.FinishAsync(cancel);
            rest = await next();
        }

        if (rest is not null)
        {
            await rest.AddAsync(row, fingerprint, cancel);
            return;
        }

        var to = await copy.StartRowAsync(cancel);
        await writer.WriteAsync(to, row, cancel);
    }

    /// <summary>There is no old row to keep.</summary>
    public ValueTask KeepAsync(string targetName, string sourceUid, CancellationToken cancel) => ValueTask.CompletedTask;

    /// <summary>No row is stale but those that another writer added meanwhile.</summary>
    public async Task<WriteCounts> FinishAsync(bool deleteStale, CancellationToken cancel)
    {
        await copy.FinishAsync(cancel);
        var counts = rest is null ? WriteCounts.Zero : await rest.FinishAsync(deleteStale: false, cancel);
        counts = (counts with { Copied = copy.Sent }).Compared("rows copied", copy.Sent, copy.Counted);
        return !deleteStale ? counts : await new StaleRows(session, plan).DeleteAsync(
            counts, new ScopeSize(counts.Copied + counts.Inserted, Kept: 0), () => DeleteOthersAsync(cancel), cancel);
    }

    // The rows of a table of Citus are written by transactions of its nodes, whose ids are unknown here.
    private Task<long> DeleteOthersAsync(CancellationToken cancel) => plan.Batches.Form == TableForm.Citus
        ? Task.FromResult(0L)
        : new HistoryTable(session, plan.History, plan.Header).DeleteAsync(plan.Statements.DeleteOthers, cancel, new RowParameters(plan.Header).OfScope);

    public async ValueTask DisposeAsync()
    {
        await copy.DisposeAsync();
        if (rest is not null)
            await rest.DisposeAsync();
    }
}
