namespace Kollect.Core.Exports;

/// <summary>The counts of one export, as the backend reports them.</summary>
/// <remarks><c>Items = Inserted + Updated + Unchanged + Adopted + Duplicates + Rejected</c>.</remarks>
/// <param name="Items">Elements of the snapshot, without skipped ones.</param>
/// <param name="Inserted">Rows that did not exist.</param>
/// <param name="Updated">Rows rewritten; without <c>skip_unchanged</c> also those whose payload was equal.</param>
/// <param name="Unchanged">Rows left alone, only with <c>skip_unchanged</c>.</param>
/// <param name="Deleted">Stale rows of this scope.</param>
/// <param name="Adopted">Rows that had another cluster label.</param>
/// <param name="Duplicates">Items replaced by a later item of the same identity.</param>
/// <param name="Sanitized">Items in which a character that no backend can hold became U+FFFD.</param>
/// <param name="Rejected">Items that cannot be stored; the first ones are named in <paramref name="Rejections"/>.</param>
/// <param name="StaleKept">
/// True: no stale row was deleted, because the snapshot was incomplete or some item had no identity, and stale rows cannot be determined.
/// </param>
/// <param name="Skipped">Elements left out on purpose (Secrets).</param>
/// <param name="Bytes">Payload bytes sent.</param>
/// <param name="ElapsedMs">Milliseconds, measured by Shell; 0 until it has ended.</param>
/// <param name="Rejections">At most 20, in input order: <c>Deployment shop/web (uid …): reason</c>.</param>
internal sealed record ExportOutcome(
    long Items,
    long Inserted,
    long Updated,
    long Unchanged,
    long Deleted,
    long Adopted,
    long Duplicates,
    long Sanitized,
    long Rejected,
    bool StaleKept,
    long Skipped,
    long Bytes,
    long ElapsedMs,
    Seq<string> Rejections)
{
    /// <summary>Labels of other clusters that export too, from which rows were adopted; empty also where no ledger tells.</summary>
    public Seq<LiveCluster> TakenFrom { get; init; } = Empty;

    /// <summary>The counts of two steps of one export: a difference, and the repair after it, which rejects the same items.</summary>
    public ExportOutcome With(ExportOutcome next) => this with
    {
        Inserted = Inserted + next.Inserted,
        Updated = Updated + next.Updated,
        Deleted = Deleted + next.Deleted,
        Adopted = Adopted + next.Adopted,
        TakenFrom = next.TakenFrom.IsEmpty ? TakenFrom : next.TakenFrom,
        Sanitized = Sanitized + next.Sanitized,
        Bytes = Bytes + next.Bytes,
        ElapsedMs = ElapsedMs + next.ElapsedMs,
    };
}
