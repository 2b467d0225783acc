using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The ledger of a scope as an export finds it, read under the lock of the scope.</summary>
/// <param name="Newest">The newest entry whose rows were written; None = there is none.</param>
/// <param name="Horizon">The horizon of a comparison that begins now.</param>
internal sealed record LedgerReading(Option<LedgerEntry> Newest, long Horizon);

/// <summary>An entry whose rows were written.</summary>
/// <param name="ExportedAt">The time of the snapshot that the rows were written from.</param>
/// <param name="VerifiedAt">The time of the newest snapshot that the rows were found to be, at least <paramref name="ExportedAt"/>.</param>
/// <param name="Checksum">See <see cref="ContentStamp"/>; None = the snapshot was read from a stream.</param>
/// <param name="Items">Of the snapshot.</param>
/// <param name="IsComplete">False = rows that are not of the snapshot may have stayed.</param>
/// <param name="Rejected">Items that cannot be stored; their old rows stay.</param>
/// <param name="Xid">The transaction that wrote the rows, in 64 bits.</param>
/// <param name="Horizon">A row whose xmin is below it, and not that of <paramref name="Xid"/>, was not touched since it was compared.</param>
/// <param name="Rows">Rows of the scope when they were last compared.</param>
internal sealed record LedgerEntry(
    DateTimeOffset ExportedAt,
    DateTimeOffset VerifiedAt,
    Option<string> Checksum,
    long Items,
    bool IsComplete,
    long Rejected,
    long Xid,
    long Horizon,
    long Rows)
{
    /// <summary>An export with this outcome leaves the rows as they were, and the entry says so already: only its times move.</summary>
    public bool Describes(ExportOutcome outcome) =>
        outcome.Inserted + outcome.Updated + outcome.Deleted + outcome.Adopted == 0
        && (outcome.Items, outcome.Rejected, outcome.StaleKept) == (Items, Rejected, !IsComplete);

    /// <summary>The basis of a difference after an export; None = the content is unknown, or other rows may have stayed.</summary>
    /// <param name="exportedAt">Of the entry that describes the rows now.</param>
    public static Option<Fence> FenceOf(DateTimeOffset exportedAt, SnapshotHeader header, ExportOutcome outcome) =>
        header.Content.Filter(_ => !outcome.StaleKept).Map(content => new Fence(exportedAt, content.Checksum));
}
