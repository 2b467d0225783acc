using System.Diagnostics;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>One look for rows that others wrote, and their repair, in one transaction.</summary>
internal sealed class RepairRun(Session session, DeltaPlan plan, IHeldSnapshot held)
{
    private readonly Stopwatch running = Stopwatch.StartNew();
    private readonly RowParameters parameters = new(plan.Export.Header);
    private readonly LedgerTable ledger = new(session, plan.Ledger, plan.Export.Header);

    private SnapshotHeader Header => plan.Export.Header;

    public async Task<Either<BasisLost, ExportResult>> RunAsync(CancellationToken cancel)
    {
        new DeltaWrite(session, plan, Difference.None(Header)).DeferLocks();
        var reading = ledger.DeferRead();
        session.DeferSettings(plan.Export.PlannerSettings); // also for the pages of identities
        await session.SendAsync(cancel);
        if (!DeltaBasis.Find(reading.Value, held.Basis, Header.ExportedAt).TryRight(out var entry, out var lost)
            || !(await LookAsync(reading.Value, entry, cancel)).TryRight(out var seen, out lost)
            || !Repairs(seen).TryRight(out var difference, out lost)
            || !(await WriteAsync(difference, cancel)).TryRight(out var written, out lost))
            return lost;
        var outcome = await ledger.TakenFromAsync(plan.Tally(difference.Read, written), cancel);
        var rows = seen.Rows + written.Inserted + written.Adopted - written.Deleted;
        if (written == WriteCounts.Zero)
            ledger.DeferVerify(entry, (reading.Value.Horizon, rows));
        else
            ledger.DeferInsert(Header.ExportedAt, outcome, running.Elapsed, reading.Value.Horizon, rows);
        return new ExportResult.Exported(outcome) { Fence = plan.FenceAt(written == WriteCounts.Zero ? entry.ExportedAt : Header.ExportedAt) };
    }

    /// <summary>What others have done to the scope.</summary>
    /// <param name="Rows">Rows of the scope.</param>
    /// <param name="Touched">Rows of the snapshot that others have written; the payload may still be the snapshot's.</param>
    /// <param name="Unknown">Rows that the snapshot does not have.</param>
    /// <param name="Missing">Items without a row.</param>
    private sealed record Seen(long Rows, Seq<RowIdentity> Touched, Seq<RowIdentity> Unknown, Seq<RowIdentity> Missing);

    private async Task<Either<BasisLost, Seen>> LookAsync(LedgerReading reading, LedgerEntry entry, CancellationToken cancel)
    {
        foreach (var objection in DeltaBasis.HorizonObjection(reading, entry).ToSeq())
            return objection;
        var genuine = ledger.DeferIsOfThisServer(entry);
        var look = session.DeferRow(
            plan.Repair.Look,
            row => new LookFacts(row.GetInt64(0), row.IsDBNull(1) ? None : new DateTimeOffset(row.GetDateTime(1)), row.GetInt64(2)),
            Since(entry));
        await session.SendAsync(cancel);
        foreach (var objection in look.Value.Objection(genuine.Value, Header.ExportedAt).ToSeq())
            return objection;
        var touched = look.Value.Touched == 0
            ? Empty
            : await session.QueryPageAsync(
                plan.Repair.TouchedRows, DeltaPlan.MostItems, Identity, cancel, [.. Since(entry), (long)DeltaPlan.MostItems]);
        var seen = new Seen(look.Value.Rows, touched, touched.Filter(it => held.Find(it).IsNone), Empty);
        var isCertain = seen.Rows - seen.Unknown.Count == entry.Rows && !touched.Exists(it => held.Find(it).Case is RowOrRejection.Rejected);
        return isCertain ? seen : await CompareIdentitiesAsync(seen, cancel);
    }

    /// <summary>Reads all identities. Uses some 40 bytes of memory for each.</summary>
    private async Task<Either<BasisLost, Seen>> CompareIdentitiesAsync(Seen seen, CancellationToken cancel)
    {
        var (left, unknown, rows) = (new System.Collections.Generic.HashSet<UInt128>(), seen.Unknown.ToHashSet(), 0L);
        foreach (var identity in held.Identities)
            left.Add(Fingerprint(identity));
        await foreach (var page in IdentityPages.ReadAsync(session, plan.Export, cancel))
        {
            rows += page.Count;
            unknown.UnionWith(page.Filter(row => !left.Remove(Fingerprint(row))));
            if (unknown.Count > DeltaPlan.MostItems)
                return new BasisLost(FormattableString.Invariant($"the snapshot does not have more than {DeltaPlan.MostItems:N0} of the rows"));
        }

        var missing = left.Count == 0 ? [] : held.Identities.Where(it => left.Contains(Fingerprint(it))).Take(DeltaPlan.MostItems + 1).ToArray();
        return seen with { Rows = rows, Unknown = unknown.ToSeq(), Missing = missing.ToSeq() };
    }

    private Either<BasisLost, Difference> Repairs(Seen seen) => Difference.Of(
        held.CountsOf(Header),
        held.RowsOf(Join(seen.Touched, seen.Missing).AsEnumerable().Distinct()),
        Header.IsComplete ? [.. seen.Unknown] : []);

    private async Task<Either<BasisLost, WriteCounts>> WriteAsync(Difference repairs, CancellationToken cancel)
    {
        if (repairs.IsEmpty)
            return WriteCounts.Zero;
        var write = new DeltaWrite(session, plan, repairs);
        write.DeferQuestions();
        await session.SendAsync(cancel);
        return await write.RunAsync(cancel);
    }

    private object[] Since(LedgerEntry entry) => [.. parameters.OfScope, plan.Ledger.Table.Name, entry.Horizon];

    private static RowIdentity Identity(Npgsql.NpgsqlDataReader row) => new(row.GetString(0), row.GetString(1));

    private static UInt128 Fingerprint(RowIdentity identity) => IdentityFingerprint.Of(identity.TargetName, identity.SourceUid);
}
