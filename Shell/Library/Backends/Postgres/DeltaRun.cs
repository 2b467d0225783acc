using System.Diagnostics;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>One difference in one transaction: a round trip to lock and to ask, one to write, and the commit.</summary>
/// <param name="settings">How long entries of the ledger and versions of the history are kept.</param>
internal sealed class DeltaRun(Session session, DeltaPlan plan, SinkSettings settings)
{
    private readonly Stopwatch running = Stopwatch.StartNew();

    public async Task<Either<BasisLost, ExportResult>> RunAsync(SnapshotChanges changes, CancellationToken cancel)
    {
        var header = plan.Export.Header;
        if (!Difference.Of(changes.CountsOf(header), changes.Changed, changes.Removed).TryRight(out var difference, out var lost))
            return lost;
        var (ledger, write) = (new LedgerTable(session, plan.Ledger, header), new DeltaWrite(session, plan, difference));
        write.DeferLocks();
        var reading = ledger.DeferRead();
        write.DeferQuestions();
        await session.SendAsync(cancel);
        if (!DeltaBasis.Find(reading.Value, changes.Basis, header.ExportedAt).TryRight(out var entry, out lost)
            || !(await write.RunAsync(cancel)).TryRight(out var written, out lost))
            return lost;
        var outcome = await ledger.TakenFromAsync(plan.Tally(difference.Read, written), cancel);
        var isOfRejected = difference.Rejects(changes.Rejected) || outcome.Rejected != entry.Rejected;
        var rows = DeltaBasis.RowsAfter(entry, written, plan.Content.Items, isOfRejected);
        if (entry.Describes(outcome))
            ledger.DeferVerify(entry, (entry.Horizon, rows));
        else
        {
            ledger.DeferInsert(header.ExportedAt, outcome, running.Elapsed, entry.Horizon, rows);
            ledger.DeferTidying(entry, settings.Ledger);
            new HistoryTable(session, plan.Export.History, header).DeferSweep(settings.History, entry.ExportedAt);
        }

        return new ExportResult.Exported(outcome) { Fence = plan.FenceAt(entry.Describes(outcome) ? entry.ExportedAt : header.ExportedAt) };
    }
}
