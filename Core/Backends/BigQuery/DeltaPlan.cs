using System.Globalization;
using System.Security.Cryptography;
using Kollect.Core.Exports;
using Kollect.Core.Formatting;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>One difference, decided before its rows are read. The table records nothing but the times of its rows: the newest one is the fence.</summary>
/// <param name="Export">The plan of an export in full with the same header.</param>
/// <param name="Basis">The snapshot that the table should hold.</param>
internal sealed record DeltaPlan(ExportPlan Export, Fence Basis)
{
    /// <summary>Left = only an export in full does what the sink asks for.</summary>
    public static Either<BasisLost, DeltaPlan> Of(ExportPlan export, Fence basis) =>
        export.CreatedMs == 0 ? new BasisLost($"{export.Table} is missing")
        : export.Header.ExportedAt <= basis.ExportedAt ? new BasisLost("the snapshot is not newer than the one that it is based on")
        : export.PartitionLifetime.IsSome ? new BasisLost($"{export.Table} deletes partitions, so that every row needs a new time")
        : new DeltaPlan(export, basis);

    /// <summary>Why the rows cannot be written as a difference; None = they can.</summary>
    public Option<BasisLost> Objection(SourceRows rows, SnapshotCounts read) =>
        ExportPlan.NeedsStaging(rows)
            ? new BasisLost(string.Create(
                CultureInfo.InvariantCulture, $"the changes have {rows.ParameterBytes:N0} bytes, and one request takes {Limits.MaxRequestBytes:N0}"))
            : read.Unidentified > 0 ? new BasisLost("an item without identity may stand for any row")
            : None;

    /// <summary>Parameters of <see cref="Delta.Into"/>: a row without payload is removed.</summary>
    public Parameters Parameters(SourceRows rows) => new(Export.Header, null, rows.ToParameter(), null) { Basis = Basis.ExportedAt };

    /// <summary>
    /// As <see cref="ExportPlan.Job"/>; a difference to another snapshot is another job, because it would do something else in the same table.
    /// </summary>
    public JobReference Job(ReadOnlyMemory<byte> rows, int attempt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(Basis.ExportedAt.ToUnixTimeMilliseconds()));
        hash.AppendData(rows.Span);
        return Export.Job([.. "delta"u8, .. hash.GetHashAndReset()], attempt);
    }

    /// <summary>
    /// The result of a job that wrote something: a MERGE over rows to write always writes each of them, and one over removed identities deletes some or gives
    /// one other row the time, unless the fence fails: without a row the scope has no newest time. So a job without any effect is exactly a failed fence.
    /// </summary>
    /// <param name="written">Rows that were sent to be written, each identity once.</param>
    /// <param name="read">Counts of the difference.</param>
    public Either<BasisLost, ExportResult> Conclude(JobState.Done done, long written, SnapshotCounts read)
    {
        if (done is { Inserted: 0, Updated: 0, Deleted: 0 })
            return new BasisLost($"the newest row of the scope is not of {Times.Text(Basis.ExportedAt)}");
        foreach (var miscount in (written > 0 ? Miscount.Of("rows inserted or updated", written, done.Inserted + done.Updated) : None).ToSeq())
            return new BasisLost($"{miscount}");
        return new ExportResult.Exported(Tally(read, done.Inserted, written > 0 ? done.Updated : 0, done.Deleted))
        {
            Fence = done.Inserted + done.Updated > 0 ? Export.FenceAt(Export.Header.ExportedAt, read) : None,
        };
    }

    /// <summary>The result of a difference without any row to send.</summary>
    /// <param name="newest">Of the scope; None = there is no row.</param>
    public Either<BasisLost, ExportResult> Nothing(Option<DateTimeOffset> newest, SnapshotCounts read) => newest == Some(Basis.ExportedAt)
        ? new ExportResult.Exported(Tally(read, 0, 0, 0)) { Fence = Export.FenceAt(Basis.ExportedAt, read) }
        : new BasisLost($"the newest row of the scope is not of {Times.Text(Basis.ExportedAt)}");

    /// <summary>Items that are not part of the difference are unchanged.</summary>
    private ExportOutcome Tally(SnapshotCounts read, long inserted, long updated, long deleted)
    {
        var items = Export.Header.Content.Match(content => content.Items, () => read.Items);
        return ExportPlan.Tally(read, new IdentityCounts(inserted + updated, 0, 0), inserted, updated, deleted) with
        {
            Items = items,
            Unchanged = Math.Max(0, items - read.Rejected - inserted - updated),
        };
    }
}
