using Kollect.Core.Backends.Postgres;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>One export in one transaction.</summary>
internal sealed class ExportRun(Session session, ExportPlan plan, IProgress<ExportProgress>? progress)
{
    private const int ItemsPerReport = 1_000;

    private readonly RowParameters parameters = new(plan.Header);
    private readonly SeenFilter seen = new();

    /// <summary>Locks the scope against other exporters, then reads its state.</summary>
    public async Task<WriteDecision> DecideAsync(CancellationToken cancel)
    {
        Report(SnapshotCounts.Zero, "waiting for the lock");
        var scope = plan.Header.Scope;
        await session.LockAsync(ExportStatements.Lock, plan.Statements.LockName(scope), AwaitedLock.Scope, cancel);
        await session.LockAsync(ExportStatements.LockShared, plan.Statements.InventoryLockName(scope), AwaitedLock.Inventory, cancel);
        var facts = await session.QueryRowAsync(
            plan.Statements.Inspect,
            row => new ScopeFacts(row.IsDBNull(0) ? None : new DateTimeOffset(row.GetDateTime(0)), row.GetInt64(1), row.GetInt64(2)),
            cancel,
            parameters.OfScope);
        return plan.Decide(facts);
    }

    /// <summary>Afterwards everything waits for the commit.</summary>
    public async Task<(SnapshotCounts Read, WriteCounts Written)> WriteAsync(
        WriteDecision.Write decision, IAsyncEnumerable<RowOrRejection> rows, CancellationToken cancel)
    {
        foreach (var setting in plan.PlannerSettings)
            await session.ExecuteAsync(ExportStatements.Set, cancel, setting.Name, setting.Value);
        if (plan.ChecksRows)
            await session.ExecuteAsync(CheckStatements.RunDeferredTriggers, cancel);
        await using var to = await BeginAsync(decision, cancel);
        var read = await ReadAsync(to, rows, cancel);
        Report(read, "comparing with the table");
        var written = await to.FinishAsync(deleteStale: read.ShowsWhatIsStale, cancel);
        if (plan.NeedsTouch(written))
            await session.ExecuteAsync(plan.Statements.Touch, cancel, parameters.OfExport);
        return (read, written);
    }

    /// <summary>Compares what the server counted with what was sent, and looks for what came in between; None = it may be committed.</summary>
    public async Task<Option<Failure>> ObjectionAsync(WriteCounts written, CancellationToken cancel) =>
        WriteCheck.Objection(plan, written, await Observe.InterceptorsAsync(session, plan.Statements.Table, cancel));

    private async Task<SnapshotCounts> ReadAsync(IWrite to, IAsyncEnumerable<RowOrRejection> rows, CancellationToken cancel)
    {
        var counts = SnapshotCounts.Of(plan.Header);
        await foreach (var element in rows.WithCancellation(cancel))
        {
            counts = counts.Add(element);
            switch (element)
            {
                case RowOrRejection.Accepted { Row: var row }:
                    await to.AddAsync(row, IdentityFingerprint.Of(row.TargetName, row.SourceUid), cancel);
                    break;
                case RowOrRejection.Rejected rejected:
                    foreach (var (targetName, sourceUid) in rejected.Identity.ToSeq())
                        await to.KeepAsync(targetName, sourceUid, cancel);
                    break;
            }

            if (counts.Items % ItemsPerReport == 0)
                Report(counts, "reading");
        }

        return counts;
    }

    private async Task<IWrite> BeginAsync(WriteDecision.Write decision, CancellationToken cancel)
    {
        async Task<IWrite> Compare() => plan.Method == WriteMethod.Staging
            ? await StagingWrite.BeginAsync(session, plan, decision, seen, cancel)
            : new BatchWrite(session, plan, decision.MayAdopt);

        return decision.CopyFirst ? new CopyFirstWrite(session, plan, seen, Compare) : await Compare();
    }

    private void Report(SnapshotCounts counts, string doing) =>
        progress?.Report(new ExportProgress(counts.Items, counts.Bytes, doing));
}
