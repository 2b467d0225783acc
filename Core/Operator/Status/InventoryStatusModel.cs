using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator.Status;

/// <summary><see cref="InventoryStatus"/> in the shape of the CRD, and back. Times are whole seconds there.</summary>
internal static class InventoryStatusModel
{
    /// <summary>The CRD's limit on <c>lastError</c>, in characters.</summary>
    private const int MaxError = 4_096;

    /// <summary>The status as it is written.</summary>
    public static KollectInventoryStatus Of(InventoryStatus status) => new()
    {
        ObservedGeneration = status.ObservedGeneration,
        ItemCount = status.ItemCount.ToNullable(),
        Sinks = status.SinkExports.IsEmpty
            ? null
            : FormattableString.Invariant($"{status.SinkExports.Count(it => it.Conditions.Exists(IsSynced))}/{status.SinkExports.Count}"),
        LastExportTime = status.LastExportTime.Map(KubernetesTime.WholeSeconds).ToNullable(),
        LastSuccessTime = status.LastSuccessTime.Map(KubernetesTime.WholeSeconds).ToNullable(),
        NextExportTime = status.NextExportTime.Map(KubernetesTime.WholeSeconds).ToNullable(),
        Conditions = [.. status.Conditions.Map(it => it.Model)],
        SinkExports = [.. status.SinkExports.Map(Of)],
        Destinations = [.. status.Locations.Map(Of)],
    };

    /// <summary>True = writing the status would change nothing.</summary>
    /// <param name="stored">As the API server holds it; null = it was never written.</param>
    public static bool IsStored(KollectInventoryStatus status, KollectInventoryStatus? stored) => StoredStatus.Own(status) == StoredStatus.Own(stored);

    /// <summary>The status as it was written. A damaged part counts as absent: it causes an export, and no row is lost.</summary>
    /// <param name="model">Null = it was never written.</param>
    public static InventoryStatus Read(KollectInventoryStatus? model) => model is null ? InventoryStatus.Initial : new InventoryStatus(
        model.ObservedGeneration ?? 0,
        Optional(model.ItemCount),
        Optional(model.LastExportTime),
        StatusCondition.Read(model.Conditions),
        model.SinkExports.ToSeq().Map(Read).Strict(),
        model.Destinations.ToSeq().Choose(Read).Strict());

    private static bool IsSynced(StatusCondition it) => it.Condition is { Type: InventoryConditions.Synced, Status: KollectConditionStatus.True };

    private static KollectInventoryStatusSinkExport Of(SinkExport export)
    {
        var bare = new KollectInventoryStatusSinkExport
        {
            Namespace = export.Sink.Namespace,
            Name = export.Sink.Name,
            NextExportTime = export.NextExport.Map(KubernetesTime.WholeSeconds).ToNullable(),
            Conditions = [.. export.Conditions.Map(it => it.Model)],
        };
        var successful = export.Success.Fold(bare, With);
        return export.Failure.Fold(successful, With);
    }

    private static KollectInventoryStatusSinkExport With(KollectInventoryStatusSinkExport model, ExportSuccess success) => model with
    {
        LastExportTime = KubernetesTime.WholeSeconds(success.At),
        LastSuccessTime = success.SnapshotTime.Map(KubernetesTime.WholeSeconds).ToNullable(),
        ExportedAt = success.Fence.Map(it => it.ExportedAt).ToNullable(),
        LastComparisonTime = success.ComparedAt.Map(KubernetesTime.WholeSeconds).ToNullable(),
        LastChecksum = success.Of.Checksum,
        Complete = success.Of.Complete,
        InventoryGeneration = success.Of.InventoryGeneration,
        SinkGeneration = success.Of.Sink.Generation,
        SecretVersions = success.Of.Sink.SecretVersions,
        Destination = new KollectInventoryStatusSinkExportDestination
        {
            Backend = success.Of.Location.At.Backend,
            Container = success.Of.Location.At.Container,
            Table = success.Of.Location.At.Table,
            Cluster = success.Of.Location.At.Cluster,
        },
        Inserted = success.Outcome.Inserted,
        Updated = success.Outcome.Updated,
        Unchanged = success.Outcome.Unchanged,
        Deleted = success.Outcome.Deleted,
        Rejected = success.Outcome.Rejected,
        DurationMs = success.Outcome.ElapsedMs,
    };

    private static KollectInventoryStatusSinkExport With(KollectInventoryStatusSinkExport model, ExportFailure failure) => model with
    {
        Failures = failure.InARow,
        LastErrorTime = KubernetesTime.WholeSeconds(failure.At),
        LastErrorClass = failure.Class switch
        {
            FailureClass.TryLater or FailureClass.Unreachable => KollectInventoryStatusSinkExportLastErrorClass.TryLater,
            FailureClass.Refused => KollectInventoryStatusSinkExportLastErrorClass.Refused,
            FailureClass.Superseded => KollectInventoryStatusSinkExportLastErrorClass.Superseded,
            _ => throw new UnreachableException(),
        },
        LastError = Shown.Cut(failure.Message, MaxError),
    };

    private static SinkExport Read(KollectInventoryStatusSinkExport model)
    {
        var sink = new SinkName(model.Namespace, model.Name);
        return new SinkExport(sink, Success(model, sink), Failure(model), StatusCondition.Read(model.Conditions))
        {
            NextExport = Optional(model.NextExportTime),
        };
    }

    private static Option<ExportSuccess> Success(KollectInventoryStatusSinkExport model, SinkName sink) =>
        from at in Optional(model.LastExportTime)
        from checksum in Optional(model.LastChecksum)
        from to in Optional(model.Destination)
        from backend in Optional(to.Backend)
        let location = new RowLocation(sink, new TableLocation(backend, to.Container, to.Table, to.Cluster))
        let version = new SinkVersion(model.SinkGeneration ?? 0, model.SecretVersions ?? "")
        select new ExportSuccess(
            new ExportBasis(checksum, model.Complete ?? true, model.InventoryGeneration ?? 0, version, location), at, Outcome(model))
        {
            SnapshotTime = Optional(model.ExportedAt) | Optional(model.LastSuccessTime),
            Fence = Optional(model.ExportedAt).Map(time => new Fence(time, checksum)),
            ComparedAt = Optional(model.LastComparisonTime),
        };

    /// <summary>A count that is not in the status is 0.</summary>
    private static ExportOutcome Outcome(KollectInventoryStatusSinkExport model)
    {
        var (inserted, updated, unchanged, rejected) = (model.Inserted ?? 0, model.Updated ?? 0, model.Unchanged ?? 0, model.Rejected ?? 0);
        return new ExportOutcome(
            Items: inserted + updated + unchanged + rejected,
            inserted,
            updated,
            unchanged,
            model.Deleted ?? 0,
            Adopted: 0,
            Duplicates: 0,
            Sanitized: 0,
            rejected,
            StaleKept: false,
            Skipped: 0,
            Bytes: 0,
            model.DurationMs ?? 0,
            Rejections: Empty);
    }

    /// <summary>The status does not contain the basis of the export.</summary>
    private static Option<ExportFailure> Failure(KollectInventoryStatusSinkExport model)
    {
        var at = model.LastErrorTime ?? DateTimeOffset.MinValue;
        return Optional(model.LastErrorClass).Map(it => new ExportFailure(
            None,
            it switch
            {
                KollectInventoryStatusSinkExportLastErrorClass.TryLater => FailureClass.TryLater,
                KollectInventoryStatusSinkExportLastErrorClass.Refused => FailureClass.Refused,
                KollectInventoryStatusSinkExportLastErrorClass.Superseded => FailureClass.Superseded,
                _ => throw new UnreachableException(),
            },
            model.LastError ?? "",
            Math.Max(1, model.Failures ?? 1),
            at,
            Deadline.After(at, model.NextExportTime - at is { Ticks: > 0 } wait ? wait : TimeSpan.Zero)));
    }

    private static KollectInventoryStatusDestination Of(RowLocation location) => new()
    {
        SinkNamespace = location.Sink.Namespace,
        SinkName = location.Sink.Name,
        Backend = location.At.Backend,
        Container = location.At.Container,
        Table = location.At.Table,
        Cluster = location.At.Cluster,
    };

    private static Option<RowLocation> Read(KollectInventoryStatusDestination model) => Optional(model.Backend).Map(backend =>
        new RowLocation(new SinkName(model.SinkNamespace, model.SinkName), new TableLocation(backend, model.Container, model.Table, model.Cluster)));
}
