using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The plan of a difference or a repair.</summary>
/// <param name="Export">The plan of an export in full with the same header.</param>
/// <param name="Ledger">The ledger, which holds the basis.</param>
/// <param name="Content">That of the snapshot afterwards.</param>
internal sealed record DeltaPlan(ExportPlan Export, Ledger Ledger, ContentStamp Content)
{
    /// <summary>Items of a difference at most; more are better compared as a whole.</summary>
    public const int MostItems = 10_000;

    /// <summary>Bytes of payload of a difference at most, 16 MiB: they are held in memory.</summary>
    public const long MostBytes = 16 << 20;

    /// <summary>Left = only an export in full can tell what the table holds, or does what the sink asks for.</summary>
    public static Either<BasisLost, DeltaPlan> Of(ExportPlan plan) =>
        from _ in Objection(plan).Match(Left<BasisLost, Unit>, () => unit)
        from ledger in plan.Ledger.ToEither(new BasisLost("the destination keeps no ledger"))
        from content in plan.Header.Content.ToEither(new BasisLost("the checksum of the snapshot is not known"))
        select new DeltaPlan(plan, ledger, content);

    /// <summary>The statements that write.</summary>
    public DeltaStatements Statements => new(Export.Batches);

    /// <summary>The statements that look for rows of others.</summary>
    public RepairStatements Repair => new(Ledger);

    /// <summary>The basis of the next difference; None = rows that are not of the snapshot may have stayed.</summary>
    /// <param name="exportedAt">Of the newest entry.</param>
    public Option<Fence> FenceAt(DateTimeOffset exportedAt) => Export.Header.IsComplete ? new Fence(exportedAt, Content.Checksum) : None;

    /// <summary>The counts; None = every row that was to be written is there, and none that was to be removed.</summary>
    /// <param name="offered">Rows of the difference that were not equal to those of the table.</param>
    /// <param name="written">Those that the server wrote.</param>
    /// <param name="left">Removed rows that are still there.</param>
    public static Option<BasisLost> Objection(long offered, long written, long left) =>
        offered != written ? new BasisLost(Miscount.Of("rows inserted or updated", offered, written).Match(it => $"{it}", () => ""))
        : left != 0 ? new BasisLost($"{Miscount.Of("removed rows that are still there", 0, left).Match(it => $"{it}", () => "")}")
        : None;

    /// <summary>The outcome; items that are not part of the difference are unchanged.</summary>
    /// <param name="read">Counts of the difference.</param>
    public ExportOutcome Tally(SnapshotCounts read, WriteCounts written) => ExportPlan.Tally(read, written) with
    {
        Items = Content.Items,
        Unchanged = Content.Items - read.Rejected - written.Inserted - written.Rewritten - written.Adopted,
        StaleKept = !Export.Header.IsComplete,
    };

    private static Option<BasisLost> Objection(ExportPlan plan) =>
        plan.Batches.Form == TableForm.Citus ? new BasisLost("a table of Citus does not tell which transaction wrote a row")
        : plan.ChecksRows ? new BasisLost("triggers run on the table, so that rows are read again")
        : !plan.SkipUnchanged ? new BasisLost("options.skip_unchanged is \"false\": every row carries the time of the newest export")
        : None;
}
