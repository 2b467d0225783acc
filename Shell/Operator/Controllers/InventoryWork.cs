using System.Collections.Concurrent;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Operator;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Kollect.Shell.Backends;
using Kollect.Shell.Concurrency;
using Kollect.Shell.Exports;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Controllers;

/// <summary>
/// Runs the exports and removals of all inventories: a limited number at once, one at a time for each table and inventory, and each bounded in time.
/// They count for the namespace of the inventory, which causes them: a sink that many namespaces use, such as one of the cluster's administrators, does
/// not make them wait for each other. Cluster inventories count as one namespace.
/// </summary>
/// <param name="slots">Those of the process.</param>
/// <param name="secrets">Reads the Secrets of a sink.</param>
/// <param name="metrics">Counts exports.</param>
internal sealed partial class InventoryWork(
    OperatorOptions options, ExportSlots slots, SecretReader secrets, BackendSet backends, KollectMetrics metrics, TimeProvider time, ILogger log)
    : IAsyncDisposable
{
    private readonly SinkAccess access = new(options, secrets, backends, time);
    private readonly KeyedLock<(SecretText Server, TableLocation Table, Scope Inventory)> locks = new();

    /// <summary>
    /// Called after each export with its sink and the Secrets that it has read; None = it used an open destination. Set before the start.
    /// </summary>
    public Action<SinkName, Option<Seq<SecretReadResult>>, ExportResult> Exported { get; set; } = static (_, _, _) => { };

    /// <summary>Closes what belongs to other versions of a sink.</summary>
    /// <param name="version">None = it does not exist, or is not known.</param>
    public void SinkChanged(SinkName sink, Option<SinkVersion> version) => access.SinkChanged(sink, version);

    /// <summary>Closes what a deleted inventory used.</summary>
    public void Forget(InventoryName inventory) => access.Forget(inventory);

    /// <summary>Closes all connections; nothing runs any more.</summary>
    public ValueTask DisposeAsync() => access.DisposeAsync();

    /// <summary>Expected failures are values, and so are defects; an <see cref="OperationCanceledException"/> means that nothing was written.</summary>
    /// <param name="held">Gets the sink and the Secrets of a successful export.</param>
    public Task<Completion> ExportAsync(
        ExportStart start, SnapshotContent content, ConcurrentDictionary<RowLocation, HeldSink> held, CancellationToken cancel) => OutcomeAsync<Completion>(
        async () =>
        {
            var (opened, read) = await access.OpenAsync(start, cancel);
            var ended = await opened.MatchAsync(
                RightAsync: open => ExportAsync(start, content, open, held, cancel),
                Left: failure => new ContentExported(new ExportResult.Failed(failure), None));
            Exported(start.Name, read, ended.Result);
            return new Completion.Export(start.Name, ended.Result, ended.Lost.IsSome);
        },
        failure => new Completion.Export(start.Name, new ExportResult.Failed(failure)),
        cancel);

    /// <summary>Connects and checks what an export needs; nothing is written.</summary>
    public async Task<Completion> ProbeAsync(ExportStart start, CancellationToken cancel) => (await OutcomeAsync<Option<ExportResult>>(
        async () =>
        {
            var read = await access.ReadAsync(start.Header.Scope, start.Sink, cancel);
            var failed = await access.Resolve(start.Sink, read).MatchAsync(
                RightAsync: find => ProbeAsync(start, find, cancel),
                Left: failure => new ExportResult.Failed(failure));
            failed.Iter(result => Exported(start.Name, Some(read), result));
            return failed;
        },
        failure => new ExportResult.Failed(failure),
        cancel)).Match<Completion>(failed => new Completion.Export(start.Name, failed), () => new Completion.Probe(start.Name));

    /// <summary>As an export; an attempt that is cancelled may have removed rows.</summary>
    /// <param name="held">See <see cref="RemovalStart.Held"/>.</param>
    public Task<RemovalResult> RemoveAsync(
        RemovalStart start, ConcurrentDictionary<RowLocation, HeldSink> held, CancellationToken cancel) => OutcomeAsync<RemovalResult>(
        async () => await (await access.FindAsync(start, held.GetValueOrDefault(start.Location), cancel)).MatchAsync(
            RightAsync: found => RemoveAsync(start, found.Sink, found.Find, cancel),
            Left: RemovalResult.Failed.Of),
        RemovalResult.Failed.Of,
        cancel);

    private async Task<ContentExported> ExportAsync(
        ExportStart start,
        SnapshotContent content,
        OpenDestination open,
        ConcurrentDictionary<RowLocation, HeldSink> held,
        CancellationToken cancel)
    {
        var isGood = false;
        try
        {
            var scope = start.Header.Scope;
            using var turn = await LockAsync(start.Sink, start.Location, scope, open.Used.Secrets, cancel);
            using var slot = await slots.Exports.EnterAsync(scope.InventoryNamespace, start.FailedLast, cancel);
            var (began, header) = (time.GetTimestamp(), start.Header with { Exporter = options.Instance });
            var ended = await WithinAsync(
                options.ExportTimeout,
                limited => ContentExport.RunAsync(open.Destination, header, start.Method, content, limited),
                failure => new ContentExported(new ExportResult.Failed(failure), None),
                cancel);
            metrics.Exported(start.Sink, start.Method, ended.Lost.IsSome, ended.Result, time.GetElapsedTime(began));
            ended.Lost.Iter(lost => BasisLost(log, scope.InventoryNamespace, scope.InventoryName, start.Name, lost.Why));
            isGood = ended.Result is ExportResult.Exported;
            if (isGood)
                held[start.Location] = open.Used;
            return ended;
        }
        finally
        {
            if (isGood)
                access.Keep(start, open);
            else
                await open.DisposeAsync();
        }
    }

    private async Task<Option<ExportResult>> ProbeAsync(ExportStart start, Func<SecretRef, Option<SecretData>> find, CancellationToken cancel)
    {
        using var slot = await slots.Exports.EnterAsync(start.Header.Scope.InventoryNamespace, start.FailedLast, cancel);
        var began = time.GetTimestamp();
        var failed = await SnapshotExport.ProbeAsync(backends.With(find), start.Sink, start.Header.Scope, cancel);
        failed.Iter(failure => metrics.Exported(start.Sink, start.Method, false, new ExportResult.Failed(failure), time.GetElapsedTime(began)));
        return failed.Map<ExportResult>(failure => new ExportResult.Failed(failure));
    }

    private async Task<RemovalResult> RemoveAsync(RemovalStart start, Sink from, Func<SecretRef, Option<SecretData>> find, CancellationToken cancel)
    {
        var others = new List<LocatedRows>();
        foreach (var (location, sink) in start.Others)
        {
            var found = await access.FindAsync(start.Scope, sink, cancel);
            others.Add(new LocatedRows(location, found.Match(Right: other => sink.ServerIdentity(other), Left: _ => None)));
        }

        return await OrphanedRows.Objection(new LocatedRows(start.Location, from.ServerIdentity(find)), others.ToArray().ToSeq()).MatchAsync(
            None: async () =>
            {
                using var turn = await LockAsync(from, start.Location, start.Scope, find, cancel);
                return await WithinAsync(
                    start.Limit,
                    async limited =>
                    {
                        using var slot = await slots.Removals.EnterAsync(start.Scope.InventoryNamespace, failedLast: false, limited);
                        return await RowRemoval.RunAsync(backends.With(find), from, start.Scope, time.GetUtcNow(), limited);
                    },
                    RemovalResult.Failed.Of,
                    cancel);
            },
            Some: objection => objection);
    }

    /// <summary>
    /// Exports and removals of one inventory run one at a time for each table, whatever their cluster label; if the server is not known, nothing is written.
    /// Where inventories cannot share a table, those of one namespace run one at a time; the namespaces do not wait for each other.
    /// </summary>
    private async Task<IDisposable?> LockAsync(
        Sink sink, RowLocation location, Scope scope, Func<SecretRef, Option<SecretData>> find, CancellationToken cancel) =>
        await sink.ServerIdentity(find).MatchAsync(
            Some: server => locks.LockAsync(
                (server, location.At with { Cluster = "" }, new Scope(scope.InventoryNamespace, sink.InventoriesShareATable ? scope.InventoryName : "", "")),
                cancel),
            None: () => new Release(() => { }));

    private async Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> work, Func<Failure, T> tooLong, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel, timer.Token);
        try
        {
            return await work(limited.Token);
        }
        catch (OperationCanceledException ended) when (timer.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return tooLong(WorkFailures.TookTooLong(limit, (ended as StageCancelledException)?.Stage ?? Stage.Export));
        }
    }

    private async Task<T> OutcomeAsync<T>(Func<Task<T>> work, Func<Failure, T> failed, CancellationToken cancel)
    {
        try
        {
            return await work();
        }
        catch (ApiException unanswered)
        {
            return failed(SinkSecrets.Unanswered(unanswered.Message));
        }
        catch (Exception defect) when (!cancel.IsCancellationRequested)
        {
            // The message of an unexpected exception may quote a Secret; its type and stack trace never do.
            Defect(log, defect.GetType().Name, defect.StackTrace);
            return failed(WorkFailures.OfDefect(defect.GetType().Name));
        }
    }

    [LoggerMessage(
        EventId = LogEvents.BasisLost, EventName = nameof(LogEvents.BasisLost), Level = LogLevel.Information,
        Message = "Inventory {Namespace}/{Name}, sink {Sink}: exported in full, because the destination does not hold the last snapshot: {Why}")]
    private static partial void BasisLost(ILogger log, string @namespace, string name, SinkName sink, string why);

    [LoggerMessage(
        EventId = LogEvents.ExportDefect, EventName = nameof(LogEvents.ExportDefect), Level = LogLevel.Error,
        Message = "An export or removal ended by a defect of this program ({Type}), please report it\n{StackTrace}")]
    private static partial void Defect(ILogger log, string type, string? stackTrace);
}
