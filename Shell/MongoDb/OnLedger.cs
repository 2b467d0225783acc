using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Shell.Backends.Disk;
using Kollect.Shell.Exports;

namespace Kollect.MongoDb;

/// <summary>Differences and repairs: exports whose cost does not grow with the snapshot, because the ledger names what the scope holds.</summary>
internal sealed class OnLedger(IMongoDb server, ExportPlan plan, LedgerRun ledger, LedgerEntry entry)
{
    private static readonly BasisLost OthersWrite = new("another export has begun on the same rows");

    private readonly ChangesPlan changesPlan = new(plan.Header, entry);
    private readonly Documents documents = ChangesRun.DocumentsOf(plan.Header);

    /// <summary>As <see cref="IDestination.ExportChangesAsync"/>.</summary>
    public async Task<Either<BasisLost, ExportResult>> WriteAsync(SnapshotChanges changes, CancellationToken cancel)
    {
        if (!await ledger.BeginAsync(unlessWriting: true, cancel))
            return OthersWrite;
        var run = RunOf(changes.CountsOf(plan.Header));
        await run.UpsertAsync(changes.Changed, cancel);
        await run.DeleteAsync(Deletes(changes.Removed), cancel);
        return await EndAsync(run.Written, entry.Rows, plan.Header.Content.Map(it => it.Items).IfNone(entry.Items), cancel);
    }

    /// <summary>As <see cref="IDestination.RepairAsync"/>.</summary>
    public async Task<Either<BasisLost, ExportResult>> RepairAsync(IHeldSnapshot held, CancellationToken cancel)
    {
        var facts = await Observe.ScopeAsync(server, plan, cancel);
        return await changesPlan.Look(facts).MatchAsync(
            RightAsync: isAsEntered => isAsEntered ? LookedAsync(facts.Rows, held, cancel) : CompareAsync(facts, held, cancel),
            Left: lost => lost);
    }

    private async Task<Either<BasisLost, ExportResult>> CompareAsync(ScopeFacts facts, IHeldSnapshot held, CancellationToken cancel)
    {
        using var identities = new SnapshotIdentities();
        foreach (var identity in held.Identities)
            identities.Add(identity.TargetName, identity.SourceUid);
        using var unknown = new StaleRows(documents, identities);
        var stored = await StoredAsync(facts, unknown, cancel);
        if (!await ledger.BeginAsync(unlessWriting: true, cancel))
            return OthersWrite;
        var missing = held.Identities.Where(it => !stored.Contains(IdentityFingerprint.Of(it.TargetName, it.SourceUid)));
        var run = RunOf(held.CountsOf(plan.Header));
        await run.UpsertAsync(held.RowsOf(missing), cancel);
        await run.DeleteAsync(unknown.Deletes(), cancel);
        return await EndAsync(run.Written, facts.Rows, held.Count, cancel);
    }

    private ChangesRun RunOf(SnapshotCounts others) => new(server, plan.Collection, plan.Header, others);

    private async Task<Either<BasisLost, ExportResult>> EndAsync(WrittenChanges written, long before, long items, CancellationToken cancel)
    {
        var concluded = changesPlan.Conclude(written, before, items);
        if (concluded.IsLeft)
            await ledger.DistrustAsync(cancel);
        return await concluded.MatchAsync(
            RightAsync: it => EnterAsync(written.Read, it.Outcome, it.Rows, cancel),
            Left: lost => lost);
    }

    private async Task<Either<BasisLost, ExportResult>> EnterAsync(SnapshotCounts read, ExportOutcome outcome, long rows, CancellationToken cancel)
    {
        outcome = await ledger.TakenFromAsync(outcome, scope => Observe.RowsAsync(server, plan, scope, cancel), cancel);
        var next = await ledger.EndAsync(outcome, changesPlan.IsComplete(read), rows, isDifference: true, cancel);
        return next is null ? OthersWrite : new ExportResult.Exported(outcome) { Fence = next.Fence };
    }

    private async Task<Either<BasisLost, ExportResult>> LookedAsync(long rows, IHeldSnapshot held, CancellationToken cancel)
    {
        if (!await ledger.LookedAsync(entry, rows, cancel))
            return OthersWrite;
        var outcome = ExportPlan.Outcome(held.CountsOf(plan.Header) with { Items = held.Count }, 0, 0, 0, 0, 0);
        return new ExportResult.Exported(outcome) { Fence = entry.Fence };
    }

    /// <summary>Identities of the scope; from the index alone, unless rows under other cluster labels stand between them.</summary>
    private async Task<System.Collections.Generic.HashSet<UInt128>> StoredAsync(ScopeFacts facts, StaleRows unknown, CancellationToken cancel)
    {
        System.Collections.Generic.HashSet<UInt128> stored = [];
        await server.FindAsync(
            plan.Collection,
            facts.Foreign == 0 ? documents.Inventory : documents.Scope,
            Documents.OnlyIndexed,
            document =>
            {
                var identity = StoredRow.Read(document).Identity;
                stored.Add(IdentityFingerprint.Of(identity.TargetName, identity.SourceUid));
                unknown.Add(identity);
                return true;
            },
            cancel);
        return stored;
    }

    private IEnumerable<WriteBatch> Deletes(IEnumerable<RowIdentity> removed)
    {
        var batch = new WriteBatch();
        foreach (var row in removed)
        {
            documents.DeleteStale(batch, row.TargetName, row.SourceUid);
            if (!batch.IsFull)
                continue;
            yield return batch;
            batch.Clear();
        }

        yield return batch;
    }
}
