using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Snapshots;
using NpgsqlTypes;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>COPY into a temporary table, then whole-table statements.</summary>
internal sealed class StagingWrite : IWrite
{
    private readonly Session session;
    private readonly ExportPlan plan;
    private readonly RowParameters parameters;
    private readonly RowWriter writer;
    private readonly WriteDecision.Write decision;
    private readonly SeenFilter seen;
    private readonly CopyStream copy;
    private long item;
    private long kept;
    private bool repeated;

    private StagingWrite(Session session, ExportPlan plan, WriteDecision.Write decision, SeenFilter seen)
    {
        this.session = session;
        this.plan = plan;
        this.decision = decision;
        this.seen = seen;
        parameters = new RowParameters(plan.Header);
        writer = new RowWriter(Columns.OfItem, plan.Header);
        copy = new CopyStream(session, plan.Statements.CopyStaging);
    }

    public static async Task<StagingWrite> BeginAsync(Session session, ExportPlan plan, WriteDecision.Write decision, SeenFilter seen, CancellationToken cancel)
    {
        await session.ExecuteAsync(plan.Statements.CreateStaging, cancel);
        return new StagingWrite(session, plan, decision, seen);
    }

    public ValueTask AddAsync(Row row, UInt128 fingerprint, CancellationToken cancel)
    {
        repeated |= seen.MaybeSeen(fingerprint);
        return StageAsync(row, cancel);
    }

    public ValueTask KeepAsync(string targetName, string sourceUid, CancellationToken cancel)
    {
        kept++;
        repeated |= seen.MaybeSeen(IdentityFingerprint.Of(targetName, sourceUid));
        return StageAsync(Row.Kept(targetName, sourceUid), cancel);
    }

    public async Task<WriteCounts> FinishAsync(bool deleteStale, CancellationToken cancel)
    {
        var sql = plan.Statements;
        await copy.FinishAsync(cancel);
        await session.ExecuteAsync(sql.AnalyzeStaging, cancel);
        var duplicates = repeated ? await CountAsync(sql.DropDuplicates, cancel) : 0;
        var adopted = decision.MayAdopt ? await CountAdoptedAsync(cancel) : 0;
        if (adopted > 0)
        {
            await session.LockAsync(ExportStatements.Lock, sql.InventoryLockName(plan.Header.Scope), AwaitedLock.Inventory, cancel);
            adopted = await CountAdoptedAsync(cancel);
        }

        var (inserted, rewritten) = await session.QueryRowAsync(
            sql.Upsert(plan.SkipUnchanged), row => (row.GetInt64(0), row.GetInt64(1)), cancel, parameters.OfExport);
        var identities = item - kept - duplicates;
        var written = plan.Upserted(new WriteCounts(0, inserted, rewritten - adopted, adopted, duplicates, 0), identities, inserted + rewritten)
            .Compared("rows staged", copy.Sent, copy.Counted);
        if (deleteStale)
            written = await new StaleRows(session, plan).DeleteAsync(
                written,
                new ScopeSize(identities, kept),
                () => new HistoryTable(session, plan.History, plan.Header).DeleteAsync(sql.DeleteStale, cancel, parameters.OfScope),
                cancel);
        if (plan.ChecksRows)
            written = written.Unaltered(identities, await CountAsync(plan.Checks.Staged, cancel, parameters.OfExport));
        return written;
    }

    public ValueTask DisposeAsync() => copy.DisposeAsync();

    private async ValueTask StageAsync(Row row, CancellationToken cancel)
    {
        var to = await copy.StartRowAsync(cancel);
        await writer.WriteAsync(to, row, cancel);
        await to.WriteAsync(item++, NpgsqlDbType.Bigint, cancel);
    }

    private Task<long> CountAdoptedAsync(CancellationToken cancel) => CountAsync(plan.Statements.CountAdopted, cancel, parameters.OfScope);

    private Task<long> CountAsync(string sql, CancellationToken cancel, params object[] values) =>
        session.QueryRowAsync(sql, row => row.GetInt64(0), cancel, values);
}
