using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>What was written of a difference or a repair.</summary>
/// <param name="Read">Elements that were read.</param>
/// <param name="Counts">The server's counts of the upserts.</param>
/// <param name="Deleted">The server's count of the deletes.</param>
/// <param name="Refused">A row that could not be written, because one that is newer or belongs to another cluster label stands in its place.</param>
/// <param name="Miscount">The server counted other rows than it was sent.</param>
internal sealed record WrittenChanges(SnapshotCounts Read, WriteCounts Counts, long Deleted, Option<RefusedWrite> Refused, Option<Miscount> Miscount);

/// <summary>Decides about differences and repairs, which rely on the ledger.</summary>
/// <param name="Header">The snapshot afterwards.</param>
/// <param name="Entry">The newest entry when it began.</param>
internal sealed record ChangesPlan(SnapshotHeader Header, LedgerEntry Entry)
{
    /// <summary>True = the rows are the snapshot afterwards, and the next difference may rely on it.</summary>
    public bool IsComplete(SnapshotCounts read) => Header.IsComplete && read.ShowsWhatIsStale;

    /// <summary>None = the scope holds as many rows as the ledger names, none of them newer; Left = rows of another export are there.</summary>
    public Either<BasisLost, bool> Look(ScopeFacts facts) => facts.Newest.Filter(newest => newest > Entry.ExportedAt).Match(
        newest => Left<BasisLost, bool>(new BasisLost($"a row is of {Formatting.Times.Text(newest)}, later than the ledger's entry")),
        () => facts.Rows == Entry.Rows);

    /// <summary>The outcome once everything is written, and the rows of the scope.</summary>
    /// <param name="before">Rows of the scope before.</param>
    /// <param name="items">Items of the snapshot, rejected ones included.</param>
    public Either<BasisLost, (ExportOutcome Outcome, long Rows)> Conclude(WrittenChanges written, long before, long items)
    {
        foreach (var refused in written.Refused.AsEnumerable())
            return new BasisLost($"a row is newer than the snapshot, or stands under another cluster label ({refused.Code})");
        foreach (var miscount in written.Miscount.AsEnumerable())
            return new BasisLost($"{miscount}");
        var rows = before + written.Counts.Inserted - written.Deleted;
        var everyItemHasItsRow = Entry.Items == Entry.Rows && written.Read.Rejected == 0 && Header.IsComplete;
        if (everyItemHasItsRow && rows != items)
            return new BasisLost(string.Create(
                CultureInfo.InvariantCulture, $"the scope would hold {rows:N0} rows, and the snapshot has {items:N0} items: others write these rows"));
        return (
            ExportPlan.Outcome(
                written.Read with { Items = items },
                inserted: written.Counts.Inserted,
                updated: written.Counts.Matched,
                adopted: 0,
                duplicates: 0,
                deleted: written.Deleted),
            rows);
    }
}
