using Kollect.Core.Exports;
using Kollect.Core.Failures;

namespace Kollect.Shell;

/// <summary>How an export ended.</summary>
public enum ExportStatus
{
    /// <summary>The rows of the inventory are exactly the snapshot, but for items that cannot be stored.</summary>
    Exported,

    /// <summary>Everything ran and was rolled back.</summary>
    DryRun,

    /// <summary>The destination holds a newer snapshot; nothing was written.</summary>
    Superseded,

    /// <summary>Nothing was written, and another attempt fails as well until something is changed.</summary>
    Refused,

    /// <summary>Nothing was written, and another attempt may succeed.</summary>
    TryLater,
}

/// <summary>The result of an export.</summary>
/// <remarks>The counts are 0 where nothing was counted. <c>Items = Inserted + Updated + Unchanged + Adopted + Duplicates + Rejected</c>.</remarks>
public sealed record ExportSummary
{
    private ExportSummary()
    {
    }

    /// <summary>How it ended.</summary>
    public required ExportStatus Status { get; init; }

    /// <summary>One line.</summary>
    public required string Message { get; init; }

    /// <summary>What is missing in the destination, each with its remedy; empty for other refusals.</summary>
    public IReadOnlyList<Refusal> Gaps { get; private init; } = [];

    /// <summary>Elements of the snapshot, without skipped ones.</summary>
    public long Items { get; private init; }

    /// <summary>Rows that did not exist.</summary>
    public long Inserted { get; private init; }

    /// <summary>Rows that were rewritten.</summary>
    public long Updated { get; private init; }

    /// <summary>Rows that were left alone, because they held the item already.</summary>
    public long Unchanged { get; private init; }

    /// <summary>Rows whose item is not in the snapshot.</summary>
    public long Deleted { get; private init; }

    /// <summary>Rows that had another cluster label.</summary>
    public long Adopted { get; private init; }

    /// <summary>Items that a later item of the same identity replaced.</summary>
    public long Duplicates { get; private init; }

    /// <summary>Items that cannot be stored.</summary>
    public long Rejected { get; private init; }

    /// <summary>At most 20 of these, in the order of the snapshot: <c>Deployment shop/web (uid …): reason</c>.</summary>
    public IReadOnlyList<string> Rejections { get; private init; } = [];

    /// <summary>True = no stale row was deleted, because the snapshot is incomplete or an item has no identity.</summary>
    public bool KeptStaleRows { get; private init; }

    internal static ExportSummary Of(ExportReport report)
    {
        var summary = new ExportSummary { Status = Enum.Parse<ExportStatus>(report.Status), Message = report.Message, Gaps = [.. report.Gaps] };
        return report.Outcome.Match(
            counts => summary with
            {
                Items = counts.Items,
                Inserted = counts.Inserted,
                Updated = counts.Updated,
                Unchanged = counts.Unchanged,
                Deleted = counts.Deleted,
                Adopted = counts.Adopted,
                Duplicates = counts.Duplicates,
                Rejected = counts.Rejected,
                Rejections = [.. counts.Rejections],
                KeptStaleRows = counts.StaleKept,
            },
            () => summary);
    }
}
