using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator.Status;

/// <summary>The state that an inventory can be in, as its conditions tell it. Closed.</summary>
public abstract record InventorySituation
{
    private InventorySituation() { }

    /// <summary>Admission let through what validation refuses.</summary>
    /// <param name="Problems">All of them, at least one.</param>
    public sealed record InvalidSpec(Seq<Problem> Problems) : InventorySituation;

    /// <summary>It names no database sink.</summary>
    public sealed record NoSinks : InventorySituation;

    /// <summary>It is being deleted, and its rows with it.</summary>
    /// <param name="Locations">Where rows are left; may be empty.</param>
    public sealed record RemovingRows(Seq<RowLocation> Locations) : InventorySituation;

    /// <summary>What its refs say, put together.</summary>
    /// <param name="Refs">At least one.</param>
    public sealed record Exporting(Seq<RefReport> Refs) : InventorySituation;
}

/// <summary>What one ref brings into the status.</summary>
/// <param name="Sink">To which it leads.</param>
/// <param name="Situation">See <see cref="RefSituation.Of"/>.</param>
/// <param name="State">What is remembered of it.</param>
public sealed record RefReport(SinkName Sink, RefSituation Situation, SinkExportState State);
