using Kollect.Core.Exports;
using Kollect.Core.Formatting;

namespace Kollect.Core.Backends.Postgres;

/// <summary>Whether the ledger names the snapshot that a difference or a repair is based on.</summary>
internal static class DeltaBasis
{
    /// <summary>A number of rows that is not known: the next look counts them by identity.</summary>
    public const long UnknownRows = -1;

    private const long HalfOfTheIds = 1L << 31;

    /// <summary>The entry of the basis; Left = the destination holds another snapshot, or one that is newer than the one at <paramref name="time"/>.</summary>
    public static Either<BasisLost, LedgerEntry> Find(LedgerReading ledger, Fence basis, DateTimeOffset time) => ledger.Newest.Match(
        entry => entry.ExportedAt != basis.ExportedAt || entry.Checksum != basis.Checksum
                ? new BasisLost($"the ledger names a snapshot of {Times.Text(entry.ExportedAt)}, {Named(entry.Checksum)}, "
                    + $"instead of the one of {Times.Text(basis.ExportedAt)}, {Named(basis.Checksum)}")
            : time <= entry.ExportedAt || time < entry.VerifiedAt
                ? new BasisLost($"the ledger names a snapshot of {Times.Text(entry.VerifiedAt)}, this one is of {Times.Text(time)}")
            : Right<BasisLost, LedgerEntry>(entry),
        () => new BasisLost("the ledger names no snapshot of this inventory and cluster"));

    /// <summary>Why the ids of transactions do not tell what others have written since the entry; None = they do.</summary>
    public static Option<BasisLost> HorizonObjection(LedgerReading ledger, LedgerEntry entry) => entry.Horizon switch
    {
        <= 0 => new BasisLost("the ledger knows no transaction since which others may have written"),
        var horizon when horizon > ledger.Horizon => new BasisLost("the server's counter of transactions went backwards: it was restored"),
        var horizon when ledger.Horizon - horizon >= HalfOfTheIds => new BasisLost("more than 2^31 transactions ran since the rows were compared"),
        _ => None,
    };

    /// <summary>
    /// The rows of the scope after a difference; unknown where the server counted other new and removed rows than the snapshot has, because others wrote
    /// meanwhile, and where an item has been or is rejected, which may have an old row.
    /// </summary>
    /// <param name="entry">The basis.</param>
    /// <param name="items">Items of the snapshot afterwards.</param>
    /// <param name="isOfRejected">One of the changed or removed items cannot be stored, or could not before.</param>
    public static long RowsAfter(LedgerEntry entry, WriteCounts written, long items, bool isOfRejected) =>
        entry.Rows >= 0 && !isOfRejected && written.Inserted + written.Adopted - written.Deleted == items - entry.Items
            ? entry.Rows + items - entry.Items
            : UnknownRows;

    private static string Named(Option<string> checksum) => checksum.Match(it => $"checksum {it[..Math.Min(12, it.Length)]}", () => "read from a stream");
}

/// <summary>The answer of <see cref="RepairStatements.Look"/>.</summary>
/// <param name="Rows">Rows of the scope.</param>
/// <param name="Newest">Their newest time; None = there is no row.</param>
/// <param name="Touched">Rows that others have written since.</param>
internal sealed record LookFacts(long Rows, Option<DateTimeOffset> Newest, long Touched)
{
    /// <summary>Why an export in full is better, or must decide; None = a repair will do.</summary>
    /// <param name="isOfThisServer"><see cref="RepairStatements.IsOfThisServer"/>.</param>
    /// <param name="time">That of the repair.</param>
    public Option<BasisLost> Objection(bool isOfThisServer, DateTimeOffset time) =>
        !isOfThisServer ? new BasisLost("the ledger was restored from a dump, or replicated: ids of transactions of another server tell nothing here")
        : Newest.Exists(it => it > time) ? new BasisLost($"the table holds rows of {Newest.Map(Times.Text).IfNone("")}, the repair is of {Times.Text(time)}")
        : Touched > DeltaPlan.MostItems ? new BasisLost(FormattableString.Invariant($"others have written {Touched:N0} rows"))
        : None;
}
