using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>
/// The answer to <see cref="Merge.Look"/>: shows rows that others added or removed, and exports of others. A payload that others changed while they kept
/// its time is seen by an export in full.
/// </summary>
/// <param name="Items">Rows of the scope.</param>
/// <param name="Newest">None = there is no row.</param>
internal sealed record ScopeLook(long Items, Option<DateTimeOffset> Newest)
{
    /// <summary>Left = the row is not what the statement asks for.</summary>
    /// <param name="row">See <see cref="Answer.Complete"/>.</param>
    public static Either<Fault, ScopeLook> Read(Seq<Option<string>> row) =>
        row.Count == 2 && long.TryParse(row[0].IfNone(""), NumberStyles.None, CultureInfo.InvariantCulture, out var items)
            ? new ScopeLook(items, row[1].Bind(Answer.Time))
            : Errors.Unreadable("the row has not the two values of the statement");

    /// <summary>Compares the scope with the snapshot that it should hold; None = nothing differs.</summary>
    /// <param name="basis">Its record.</param>
    /// <param name="items">Its items.</param>
    /// <param name="rejected">Those that cannot be stored, each of which may have an old row.</param>
    public Option<BasisLost> Objection(Fence basis, long items, long rejected) =>
        Newest != Some(basis.ExportedAt)
            ? new BasisLost($"the newest row of the scope is not of {Times.Text(basis.ExportedAt)}")
            : Items == items || (Items < items && Items >= items - rejected)
                ? None
                : new BasisLost(string.Create(
                    CultureInfo.InvariantCulture,
                    $"rows were added or removed by another writer: there are {Items:N0}, and the snapshot has {items:N0} items"));

    /// <summary>The result where nothing differs: nothing was written.</summary>
    /// <param name="basis">It stays the record of the snapshot.</param>
    /// <param name="read">Counts of the snapshot.</param>
    public static ExportResult Exported(Fence basis, SnapshotCounts read) => new ExportResult.Exported(
        ExportPlan.Tally(read, new IdentityCounts(read.Items - read.Rejected, 0, 0), 0, 0, 0))
    {
        Fence = basis,
    };
}
