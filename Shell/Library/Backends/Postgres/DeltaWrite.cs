using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Writes a difference: everything in one round trip after the one that locks the scope.</summary>
internal sealed class DeltaWrite(Session session, DeltaPlan plan, Difference difference)
{
    private readonly RowParameters parameters = new(plan.Export.Header);
    private Answer<(long Held, long Adopted)>[] before = [];

    /// <summary>Locks the scope against other exporters, with the next statements.</summary>
    public void DeferLocks()
    {
        var (sql, scope) = (plan.Export.Statements, plan.Export.Header.Scope);
        session.DeferLock(ExportStatements.Lock, sql.LockName(scope), AwaitedLock.Scope);
        session.DeferLock(ExportStatements.LockShared, sql.InventoryLockName(scope), AwaitedLock.Inventory);
    }

    /// <summary>Asks for the rows of the difference, under the lock that is asked for with it.</summary>
    public void DeferQuestions()
    {
        session.DeferSettings(plan.Export.PlannerSettings);
        before = [.. difference.Batches.Select(batch => DeferHeld(RowParameters.Identities(batch)))];
    }

    /// <summary>Afterwards everything waits for the commit. Left = the table does not hold what was sent.</summary>
    public async Task<Either<BasisLost, WriteCounts>> RunAsync(CancellationToken cancel)
    {
        if (before.Any(it => it.Value.Adopted > 0))
        {
            session.DeferLock(ExportStatements.Lock, plan.Export.Statements.InventoryLockName(plan.Export.Header.Scope), AwaitedLock.Inventory);
            DeferQuestions();
            await session.SendAsync(cancel);
        }

        var upserts = difference.Batches.Select(DeferUpsert).ToArray();
        var deleted = DeferDelete();
        var left = DeferHeld(Identities(difference.Removed));
        var intercepts = session.DeferRow(DeltaStatements.MayIntercept, row => row.GetBoolean(0), plan.Ledger.Table.Schema, plan.Ledger.Table.Name);
        await session.SendAsync(cancel);

        var counts = WriteCounts.Zero with { Deleted = deleted() };
        foreach (var (batch, index) in difference.Batches.Select((batch, index) => (batch, index)))
        {
            var ((held, adopted), (_, inserted, written)) = (before[index].Value, upserts[index].Value);
            inserted = plan.Export.Batches.TellsNewRows ? inserted : batch.Length - held;
            counts = counts.Adding(inserted, written - inserted - adopted, adopted);
        }

        var objection = DeltaPlan.Objection(
            upserts.Sum(it => it.Value.Offered), upserts.Sum(it => it.Value.Written), left.Value.Held - left.Value.Adopted);
        if (objection.IsNone && intercepts.Value)
            objection = await InterceptedAsync(cancel);
        return objection.Match(it => it, () => Right<BasisLost, WriteCounts>(counts));
    }

    private Answer<(long Offered, long Inserted, long Written)> DeferUpsert(Row[] batch) => session.DeferRow(
        plan.Statements.Upsert,
        row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
        [.. parameters.OfExport, .. RowParameters.Arrays(batch)]);

    private Func<long> DeferDelete() => difference.Removed.Count == 0
        ? () => 0
        : new HistoryTable(session, plan.Export.History, plan.Export.Header).DeferDelete(
            plan.Statements.Delete, [.. parameters.OfScope, .. Identities(difference.Removed)]);

    private Answer<(long Held, long Adopted)> DeferHeld(IEnumerable<object> identities) => session.DeferRow(
        plan.Export.Batches.CountHeld, row => (row.GetInt64(0), row.GetInt64(1)), [.. parameters.OfScope, .. identities]);

    /// <summary>A trigger or the like that was not there when the table was observed.</summary>
    private async Task<Option<BasisLost>> InterceptedAsync(CancellationToken cancel) =>
        (await Observe.InterceptorsAsync(session, plan.Ledger.Table, cancel)).Exists(it => it.NeedsCheck)
            ? new BasisLost("a trigger, a rule or a child of the table is new, so that rows are read again")
            : None;

    private static object[] Identities(IReadOnlyCollection<RowIdentity> rows) =>
        [rows.Select(row => row.TargetName).ToArray(), rows.Select(row => row.SourceUid).ToArray()];
}
