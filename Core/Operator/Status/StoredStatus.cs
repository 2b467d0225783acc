using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator.Status;

/// <summary>
/// A stored status in the form in which it is compared with one to be written: the conditions of the operator's types alone, because those of
/// other managers are theirs (the list is a map by type), and each list in one order, because the API server keeps the entries of an applied
/// list in an order of its own. Fields that the CRD does not know do not count.
/// </summary>
internal static class StoredStatus
{
    /// <summary>Null = it was never written.</summary>
    public static KollectDatabaseSinkStatus? Own(KollectDatabaseSinkStatus? status) =>
        status is null ? null : status with { Conditions = Own(status.Conditions, SinkConditions.Types), UnknownFields = default };

    /// <summary>Null = it was never written.</summary>
    public static KollectTargetStatus? Own(KollectTargetStatus? status) =>
        status is null ? null : status with { Conditions = Own(status.Conditions, TargetSituation.Types), UnknownFields = default };

    /// <summary>Null = it was never written.</summary>
    public static KollectInventoryStatus? Own(KollectInventoryStatus? status) => status is null ? null : status with
    {
        Conditions = Own(status.Conditions, InventoryConditions.Types),
        SinkExports =
        [
            .. status.SinkExports
                .Select(it => it with { Conditions = Own(it.Conditions, InventoryConditions.Types), UnknownFields = default })
                .OrderBy(it => it.Namespace, StringComparer.Ordinal).ThenBy(it => it.Name, StringComparer.Ordinal),
        ],
        Destinations =
        [
            .. status.Destinations
                .Select(it => it with { UnknownFields = default })
                .OrderBy(it => $"{it.SinkNamespace}/{it.SinkName} {it.Backend} {it.Container} {it.Table} {it.Cluster}", StringComparer.Ordinal),
        ],
        UnknownFields = default,
    };

    /// <summary>A status with the counts, times and checksums of another one, where nothing else about an export differs.</summary>
    /// <param name="status">As <see cref="Own(KollectInventoryStatus?)"/> returns it.</param>
    /// <param name="other">Likewise.</param>
    public static KollectInventoryStatus WithCounts(KollectInventoryStatus status, KollectInventoryStatus other) => status with
    {
        ItemCount = other.ItemCount,
        LastExportTime = other.LastExportTime,
        LastSuccessTime = other.LastSuccessTime,
        NextExportTime = other.NextExportTime,
        SinkExports =
        [
            .. status.SinkExports
                .Select(it => other.SinkExports.Find(old => old.Namespace == it.Namespace && old.Name == it.Name).Match(old => WithCounts(it, old), () => it)),
        ],
    };

    /// <summary>Differs after each export that has changed rows, also where several end within a second.</summary>
    public static Seq<(DateTimeOffset? At, DateTimeOffset? ExportedAt, string? Checksum)> ExportsOf(KollectInventoryStatus status) =>
        status.SinkExports.ToSeq().Map(it => (it.LastExportTime, it.ExportedAt, it.LastChecksum)).Strict();

    private static KollectInventoryStatusSinkExport WithCounts(KollectInventoryStatusSinkExport export, KollectInventoryStatusSinkExport other)
    {
        var goesOn = export.LastErrorClass == other.LastErrorClass && export.LastError == other.LastError;
        return export with
        {
            LastExportTime = other.LastExportTime,
            LastSuccessTime = other.LastSuccessTime,
            NextExportTime = other.NextExportTime,
            ExportedAt = (export.ExportedAt is null) == (other.ExportedAt is null) ? other.ExportedAt : export.ExportedAt,
            LastComparisonTime = other.LastComparisonTime,
            LastChecksum = other.LastChecksum,
            Inserted = other.Inserted,
            Updated = other.Updated,
            Unchanged = other.Unchanged,
            Deleted = other.Deleted,
            DurationMs = other.DurationMs,
            Failures = goesOn ? other.Failures : export.Failures,
            LastErrorTime = goesOn ? other.LastErrorTime : export.LastErrorTime,
        };
    }

    private static ModelList<KollectCondition> Own(ModelList<KollectCondition> conditions, Seq<string> types) =>
        [.. types.Choose(type => conditions.Find(it => it.Type == type).Map(it => it with { UnknownFields = default }))];
}
