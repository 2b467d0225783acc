namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// The rows that a scope holds after an exact export. Rows that another writer adds while the export runs are stale as well, so the rows are counted
/// after the upsert and after each delete. A row that is committed after the last count is a change after the export.
/// </summary>
/// <param name="Identities">Different identities of the snapshot; each has a row.</param>
/// <param name="Kept">Rejected items, whose old rows stay; the number of those rows is unknown.</param>
internal sealed record ScopeSize(long Identities, long Kept)
{
    /// <summary>Deletes at most; another writer may go on for ever.</summary>
    public const int MaxDeletes = 2;

    /// <summary>True = counting alone proves that no row is stale, so that no delete has to read the scope.</summary>
    /// <param name="rows">The rows of the scope after the upsert.</param>
    public bool HasNoStale(long rows) => Kept == 0 && rows == Identities;

    /// <summary>True = the scope may hold the snapshot and kept rows, and nothing else.</summary>
    /// <param name="rows">The rows of the scope after a delete.</param>
    public bool Fits(long rows) => rows >= Identities && rows <= Identities + Kept;

    /// <summary>The counts with the deleted rows; a miscount where the scope still holds other rows than the snapshot.</summary>
    /// <param name="rows">The rows of the scope at the end.</param>
    public WriteCounts Compared(WriteCounts written, long deleted, long rows) => (written with { Deleted = deleted, Rows = rows }).Compared(
        "rows of the inventory and cluster", Math.Clamp(rows, Identities, Identities + Kept), rows);
}
