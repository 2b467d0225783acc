using System.Diagnostics;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.MongoDb;

/// <summary>Reads and writes the ledger for one export.</summary>
/// <param name="newest">The newest entry when the export began; None = there was none.</param>
internal sealed class LedgerRun(IMongoDb server, Ledger ledger, LedgerSettings settings, SnapshotHeader header, Option<LedgerEntry> newest)
{
    private Stopwatch watch = Stopwatch.StartNew();

    /// <summary>The newest entry when the export began.</summary>
    public Option<LedgerEntry> Newest => newest;

    /// <summary>Begins to read the ledger of a scope.</summary>
    public static async Task<LedgerRun> OpenAsync(
        IMongoDb server, Ledger ledger, LedgerSettings settings, SnapshotHeader header, CancellationToken cancel) =>
        new(server, ledger, settings, header, await NewestAsync(server, ledger, cancel));

    /// <summary>Reads the ledger again, for an export whose entry another one has taken.</summary>
    public async Task<LedgerRun> AgainAsync(CancellationToken cancel) =>
        new(server, ledger, settings, header, await NewestAsync(server, ledger, cancel)) { watch = watch };

    /// <summary>Afterwards rows may be written. False = another export has begun, or was killed.</summary>
    public async Task<bool> BeginAsync(bool unlessWriting, CancellationToken cancel)
    {
        foreach (var entry in newest.AsEnumerable())
            return (await WriteAsync(ledger.Begin(entry, header.ExportedAt, unlessWriting), cancel)).Matched == 1;
        return true;
    }

    /// <summary>After the last row; gives the newest entry. Null = another export wrote meanwhile, and nobody relies on its entry any more.</summary>
    /// <param name="isComplete">Stale rows were deleted.</param>
    /// <param name="rows">Rows of the scope.</param>
    public async Task<LedgerEntry?> EndAsync(ExportOutcome outcome, bool isComplete, long rows, bool isDifference, CancellationToken cancel)
    {
        var next = LedgerEntry.After(newest, header, outcome, isComplete, rows);
        var isEntered = newest.ForAll(entry => entry.Number < next.Number)
            ? await AddAsync(next, LedgerCounts.Of(outcome, header, watch.ElapsedMilliseconds), cancel)
            : (await WriteAsync(ledger.Verify(next, header.ExportedAt), cancel)).Matched == 1;
        if (!isEntered)
        {
            await DistrustAsync(cancel);
            return null;
        }

        if (Ledger.IsSwept(next, isDifference))
            await SweepAsync(next, cancel);
        if (Ledger.IsSwept(next, isDifference) && isDifference)
            await WriteAsync(Ledger.RollUp(await server.CommandAsync(ledger.At.Database, ledger.Aged(next, header.Exporter), cancel)), cancel);
        return next;
    }

    /// <summary>The outcome with the labels of other clusters that export too, where rows were adopted.</summary>
    /// <param name="rowsOf">Counts the rows of a scope.</param>
    public async Task<ExportOutcome> TakenFromAsync(ExportOutcome outcome, Func<Scope, Task<long>> rowsOf, CancellationToken cancel)
    {
        if (outcome.Adopted == 0)
            return outcome;
        var others = new OtherClusters(ledger.Destination, ledger.Scope);
        List<LiveCluster> taken = [];
        foreach (var it in OtherClusters.Read(await server.CommandAsync(ledger.At.Database, others.Recent(header.ExportedAt), cancel)))
            if (it.Rows - await rowsOf(ledger.Scope with { Cluster = it.Label }) is > 0 and var rows)
                taken.Add(it with { Rows = rows });
        return outcome with { TakenFrom = taken.ToArray().ToSeq() };
    }

    /// <summary>A look found nothing to repair. False = another export has begun.</summary>
    public async Task<bool> LookedAsync(LedgerEntry entry, long rows, CancellationToken cancel) =>
        (await WriteAsync(ledger.Look(entry, header.ExportedAt, rows), cancel)).Matched == 1;

    /// <summary>This export has written rows, and may have written beside those of another one: the next export of either is in full.</summary>
    public async Task DistrustAsync(CancellationToken cancel)
    {
        foreach (var entry in (await NewestAsync(server, ledger, cancel)).AsEnumerable())
            await WriteAsync(ledger.Begin(entry, header.ExportedAt, unlessWriting: false), cancel);
    }

    /// <summary>Nothing was written.</summary>
    public Task RefusedAsync(string why, CancellationToken cancel) =>
        WriteAsync(ledger.AddRefused(header.ExportedAt, LedgerCounts.Refused(header, watch.ElapsedMilliseconds), why), cancel);

    /// <summary>False = another export has added an entry since this one began. Its entry may be rolled up by now, so that the number is free again.</summary>
    private async Task<bool> AddAsync(LedgerEntry next, LedgerCounts counts, CancellationToken cancel) =>
        (await WriteAsync(ledger.Add(next, counts), cancel)).Refused.IsEmpty
        && (await NewestAsync(server, ledger, cancel)).Exists(newest => newest.Number == next.Number);

    private async Task SweepAsync(LedgerEntry entry, CancellationToken cancel)
    {
        var before = header.ExportedAt - DateTimeOffset.MinValue < settings.Keep ? DateTimeOffset.MinValue : header.ExportedAt - settings.Keep;
        var old = Ledger.Delete(await server.CommandAsync(ledger.At.Database, ledger.Old(entry, before), cancel));
        await WriteAsync(old, cancel);
    }

    private static async Task<Option<LedgerEntry>> NewestAsync(IMongoDb server, Ledger ledger, CancellationToken cancel) =>
        LedgerEntry.Read(await server.CommandAsync(ledger.At.Database, ledger.Newest, cancel));

    private async Task<BulkAnswer> WriteAsync(WriteBatch batch, CancellationToken cancel)
    {
        var answer = await server.WriteAsync(ledger.At, batch, cancel);
        foreach (var refused in answer.Refused)
            if (!Ledger.IsTaken(refused))
                throw new MongoDbException(refused.Fault, "the server refused a write of the ledger");
        return answer;
    }
}
