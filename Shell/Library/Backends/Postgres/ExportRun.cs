using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>One export in one transaction.</summary>
internal sealed class ExportRun(Session session, ExportPlan plan, ExportInput input)
{
    private const int ItemsPerReport = 1_000;

    private readonly RowParameters parameters = new(plan.Header);
    private readonly SeenFilter seen = new();
    private readonly Option<LedgerTable> ledger = plan.Ledger.Map(it => new LedgerTable(session, it, plan.Header));
    private LedgerReading entries = new(None, 0);

    /// <summary>The elements that were read so far.</summary>
    public SnapshotCounts Read { get; private set; } = SnapshotCounts.Of(plan.Header);

    /// <summary>Locks the scope against other exporters, then reads its state.</summary>
    public async Task<WriteDecision> DecideAsync(CancellationToken cancel)
    {
        Report(SnapshotCounts.Zero, "waiting for the lock");
        var scope = plan.Header.Scope;
        await session.LockAsync(ExportStatements.Lock, plan.Statements.LockName(scope), AwaitedLock.Scope, cancel);
        await session.LockAsync(ExportStatements.LockShared, plan.Statements.InventoryLockName(scope), AwaitedLock.Inventory, cancel);
        foreach (var it in ledger)
            entries = await it.ReadAsync(cancel);
        var facts = await session.QueryRowAsync(
            plan.Statements.Inspect,
            row => new ScopeFacts(row.IsDBNull(0) ? None : new DateTimeOffset(row.GetDateTime(0)), row.GetInt64(1), row.GetInt64(2)),
            cancel,
            parameters.OfScope);
        return plan.Decide(facts with { Entry = entries.Newest });
    }

    /// <summary>Afterwards everything waits for the commit.</summary>
    public async Task<WriteCounts> WriteAsync(WriteDecision.Write decision, CancellationToken cancel)
    {
        foreach (var setting in plan.PlannerSettings)
            await session.ExecuteAsync(ExportStatements.Set, cancel, setting.Name, setting.Value);
        if (plan.ChecksRows)
            await session.ExecuteAsync(CheckStatements.RunDeferredTriggers, cancel);
        await using var to = await BeginAsync(decision, cancel);
        await ReadAsync(to, cancel);
        Report(Read, "comparing with the table");
        var written = await to.FinishAsync(deleteStale: Read.ShowsWhatIsStale, cancel);
        if (plan.NeedsTouch(written))
            await session.ExecuteAsync(plan.Statements.Touch, cancel, parameters.OfExport);
        return written;
    }

    /// <summary>Compares what the server counted with what was sent, and looks for what came in between; None = it may be committed.</summary>
    public async Task<Option<Failure>> ObjectionAsync(WriteCounts written, CancellationToken cancel) =>
        WriteCheck.Objection(plan, written, await Observe.InterceptorsAsync(session, plan.Statements.Table, cancel));

    /// <summary>The outcome with what the ledger tells of other clusters, where rows were adopted.</summary>
    public async Task<ExportOutcome> OutcomeAsync(WriteCounts written, CancellationToken cancel)
    {
        var outcome = ExportPlan.Tally(Read, written);
        foreach (var it in ledger)
            return await it.TakenFromAsync(outcome, cancel);
        return outcome;
    }

    /// <summary>Writes what the ledger holds from now on. Returns the basis of the next difference.</summary>
    /// <param name="settings">How long entries and versions are kept.</param>
    public async Task<Option<Fence>> RecordAsync(SinkSettings settings, ExportOutcome outcome, WriteCounts written, CancellationToken cancel)
    {
        await new HistoryTable(session, plan.History, plan.Header).SweepAsync(settings.History, cancel);
        foreach (var it in ledger)
        {
            foreach (var entry in entries.Newest.Filter(entry => entry.Describes(outcome) && plan.Header.RemovedAt.IsNone))
            {
                await it.VerifyAsync(entry, written.Rows.Map(rows => (entries.Horizon, rows)), cancel);
                return LedgerEntry.FenceOf(entry.ExportedAt, plan.Header, outcome);
            }

            foreach (var time in plan.Header.RemovedAt)
                await it.ForgetAfterAsync(time, cancel);
            var exportedAt = plan.Header.RemovedAt.IfNone(plan.Header.ExportedAt);
            var rows = await written.Rows.IfNoneAsync(() => session.QueryRowAsync(
                plan.Statements.CountRows, row => row.GetInt64(0), cancel, parameters.OfScope));
            await it.InsertAsync(exportedAt, outcome, input.Running.Elapsed, entries.Horizon, rows, cancel);
            await it.SweepAsync(settings.Ledger, cancel);
            return LedgerEntry.FenceOf(exportedAt, plan.Header, outcome);
        }

        return None;
    }

    /// <summary>Records that nothing was written, in a transaction of its own, which the caller has begun and commits.</summary>
    public async Task<bool> RecordRefusalAsync(string refusal, CancellationToken cancel)
    {
        foreach (var it in ledger)
            await it.InsertRefusedAsync(Read, input.Running.Elapsed, refusal, cancel);
        return ledger.IsSome;
    }

    private async Task ReadAsync(IWrite to, CancellationToken cancel)
    {
        await foreach (var element in input.Rows.WithCancellation(cancel))
        {
            Read = Read.Add(element);
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

            if (Read.Items % ItemsPerReport == 0)
                Report(Read, "reading");
        }
    }

    private async Task<IWrite> BeginAsync(WriteDecision.Write decision, CancellationToken cancel)
    {
        async Task<IWrite> Compare() => plan.Method == WriteMethod.Staging
            ? await StagingWrite.BeginAsync(session, plan, decision, seen, cancel)
            : new BatchWrite(session, plan, decision.MayAdopt);

        return decision.CopyFirst ? new CopyFirstWrite(session, plan, seen, Compare) : await Compare();
    }

    private void Report(SnapshotCounts counts, string doing) =>
        input.Progress?.Report(new ExportProgress(counts.Items, counts.Bytes, doing));
}
