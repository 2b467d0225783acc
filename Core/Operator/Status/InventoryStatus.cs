using System.Diagnostics;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator.Status;

/// <summary>One element of <c>status.sinkExports[]</c>: the report of a ref, and the input of <see cref="SinkExportState.Restored"/>.</summary>
/// <param name="Success">The last export that wrote; None = none did.</param>
/// <param name="Failure">The failure of the last export; None = it succeeded, or there was none.</param>
internal sealed record SinkExport(SinkName Sink, Option<ExportSuccess> Success, Option<ExportFailure> Failure, Seq<StatusCondition> Conditions)
{
    /// <summary>When the next export is due although nothing changes; None = only a change leads to one.</summary>
    public Option<DateTimeOffset> NextExport { get; init; }

    /// <summary>The state for the next process.</summary>
    public SinkExportState Restored() => SinkExportState.Restored(
        Success,
        Failure,
        Conditions
            .Find(it => it.Condition.Type == Condition.Ready && it.Condition.Reason == InventoryReasons.CollectionDelayed.Name)
            .Map(it => it.LastTransitionTime));
}

/// <summary>The status of an inventory, namespaced or not.</summary>
/// <param name="ObservedGeneration">Of the spec that it is about.</param>
/// <param name="ItemCount">Of the last snapshot; None = there was none.</param>
/// <param name="LastExportTime">The newest of all refs; None = none was exported.</param>
/// <param name="SinkExports">One for each ref of the spec, in its order.</param>
/// <param name="Locations">Locations that have rows, or may have.</param>
internal sealed record InventoryStatus(
    long ObservedGeneration,
    Option<long> ItemCount,
    Option<DateTimeOffset> LastExportTime,
    Seq<StatusCondition> Conditions,
    Seq<SinkExport> SinkExports,
    Seq<RowLocation> Locations)
{
    /// <summary>The status of an inventory that has not been reconciled.</summary>
    public static InventoryStatus Initial { get; } = new(0, None, None, Empty, Empty, Empty);

    /// <summary>The oldest of all refs: no sink holds an older snapshot. None = one of them has no rows yet, or there is none.</summary>
    public Option<DateTimeOffset> LastSuccessTime => Earliest(SinkExports.Choose(it => it.Success.Bind(success => success.SnapshotTime)))
        .Filter(_ => SinkExports.ForAll(it => it.Success.Exists(success => success.SnapshotTime.IsSome)));

    /// <summary>The earliest of all refs; None = only a change leads to an export.</summary>
    public Option<DateTimeOffset> NextExportTime => Earliest(SinkExports.Choose(it => it.NextExport));

    /// <summary>The status after a decision. An unknown value is unchanged, and so is the time of a condition whose status is the same.</summary>
    /// <param name="itemCount">None = there is no snapshot now.</param>
    /// <param name="locations">Locations that have rows, or may have.</param>
    public InventoryStatus After(InventorySituation situation, Option<long> itemCount, Seq<RowLocation> locations, long generation, DateTimeOffset now)
    {
        var exports = situation switch
        {
            InventorySituation.Exporting it => it.Refs.Map(report => Export(report, generation, now)).Strict(),
            InventorySituation.NoSinks => Empty,
            InventorySituation.InvalidSpec or InventorySituation.RemovingRows => SinkExports.Map(it => it with { NextExport = None }).Strict(),
            _ => throw new UnreachableException(),
        };
        return new InventoryStatus(
            generation,
            itemCount | ItemCount,
            exports.Choose(it => it.Success).Map(it => it.At).Fold(LastExportTime, (newest, at) => newest.Filter(it => it >= at) | at),
            StatusCondition.Of(InventoryConditions.Of(situation), Conditions, generation, now),
            exports,
            locations);
    }

    private SinkExport Export(RefReport report, long generation, DateTimeOffset now) => new(
        report.Sink,
        report.State.LastSuccess,
        report.State.LastFailure,
        StatusCondition.Of(
            InventoryConditions.Of(report.Situation),
            SinkExports.Find(old => old.Sink == report.Sink).Map(old => old.Conditions).IfNone(Empty),
            generation,
            now))
    {
        NextExport = report.NextExport,
    };

    private static Option<DateTimeOffset> Earliest(Seq<DateTimeOffset> times) => times.IsEmpty ? None : Some(times.Min());
}
