using Kollect.Core.Failures;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator.Status;

/// <summary>The state of an inventory, as its conditions report it. Closed.</summary>
internal abstract record InventorySituation
{
    private InventorySituation() { }

    /// <summary>The spec is invalid, although admission accepted it.</summary>
    /// <param name="Problems">All of them, at least one.</param>
    public sealed record InvalidSpec(Seq<Problem> Problems) : InventorySituation;

    /// <summary>The spec names no database sink.</summary>
    public sealed record NoSinks : InventorySituation;

    /// <summary>The inventory is being deleted, and its rows with it.</summary>
    /// <param name="Open">Removals that are not finished; may be empty.</param>
    public sealed record RemovingRows(Seq<RowCleanup> Open) : InventorySituation;

    /// <summary>The combined situation of its refs.</summary>
    /// <param name="Refs">At least one.</param>
    public sealed record Exporting(Seq<RefReport> Refs) : InventorySituation;
}

/// <summary>The part of the status that belongs to one ref.</summary>
/// <param name="Situation">See <see cref="RefSituation.Of"/>.</param>
internal sealed record RefReport(SinkName Sink, RefSituation Situation, SinkExportState State)
{
    /// <summary>See <see cref="SinkExportState.NextExport"/>; None also while the ref exports nothing.</summary>
    public Option<DateTimeOffset> NextExport { get; init; }
}
