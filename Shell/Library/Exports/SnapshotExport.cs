using System.Runtime.CompilerServices;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Exports;

/// <summary>A snapshot into a sink: the whole way of one export.</summary>
internal static class SnapshotExport
{
    /// <summary>The number of items after which the thread is yielded: items in memory never wait by themselves.</summary>
    private const int ItemsAtOnce = 1_000;

    /// <summary>Resolves the Secrets, connects, reads a stream of bytes and writes. Expected failures are values.</summary>
    /// <param name="input">In any of the forms; read once, not closed. If the request is strict, it is read twice and must be seekable.</param>
    /// <param name="now">For input that names no time.</param>
    /// <param name="progress">Null = no reports.</param>
    /// <param name="cancel">Rolls back.</param>
    public static Task<ExportResult> RunAsync(
        IDestinations destinations,
        Sink sink,
        ExportRequest request,
        Stream input,
        DateTimeOffset now,
        IProgress<ExportProgress>? progress,
        CancellationToken cancel) => destinations.UseAsync<ExportResult>(
            sink,
            request.ScopeOf(sink),
            destination => ReadAndExportAsync(destination, sink, request, input, now, progress, cancel),
            failure => new ExportResult.Failed(failure));

    /// <summary>The same of items that are held.</summary>
    /// <param name="header">The scope and time of the items; decides whether rows that are not among them are deleted.</param>
    /// <param name="items">Read once.</param>
    /// <param name="dryRun">Roll back at the end and only give the counts.</param>
    /// <param name="progress">Null = no reports.</param>
    /// <param name="cancel">Rolls back.</param>
    public static Task<ExportResult> RunAsync(
        IDestinations destinations,
        Sink sink,
        SnapshotHeader header,
        IEnumerable<CollectedItem> items,
        bool dryRun,
        IProgress<ExportProgress>? progress,
        CancellationToken cancel) => destinations.UseAsync<ExportResult>(
            sink,
            header.Scope,
            destination => destination.ExportAsync(
                header, RowsAsync(items, RulesOfCollected(destination, header), static _ => { }, cancel), dryRun, progress, cancel),
            failure => new ExportResult.Failed(failure));

    /// <summary>The same into an open destination.</summary>
    /// <param name="rejected">Called with each item that cannot be stored.</param>
    internal static Task<ExportResult> RunAsync(
        IDestination destination, SnapshotHeader header, IEnumerable<CollectedItem> items, Action<RejectedItem> rejected, CancellationToken cancel) =>
        destination.ExportAsync(
            header, RowsAsync(items, RulesOfCollected(destination, header), rejected, cancel), dryRun: false, progress: null, cancel);

    /// <summary>Extraction leaves out the content of Secrets.</summary>
    internal static ItemRules RulesOfCollected(IDestination destination, SnapshotHeader header) =>
        new(header.Scope, destination.Limits, None, IncludeSecrets: true);

    /// <summary>An export up to the point where it would change something: at most 15 s. None = an export can begin.</summary>
    /// <param name="scope">Of the snapshot that will be exported.</param>
    public static Task<Option<Failure>> ProbeAsync(IDestinations destinations, Sink sink, Scope scope, CancellationToken cancel) =>
        destinations.UseAsync<Option<Failure>>(
            sink,
            scope,
            async destination => (await destination.PlanAsync(cancel)).Objection,
            failure => failure);

    private static async Task<ExportResult> ReadAndExportAsync(
        IDestination destination,
        Sink sink,
        ExportRequest request,
        Stream input,
        DateTimeOffset now,
        IProgress<ExportProgress>? progress,
        CancellationToken cancel)
    {
        SnapshotReader reader;
        try
        {
            if (request.IsStrict)
                await CheckAsync(destination, sink, request, input, now, cancel);
            reader = await SnapshotReader.OpenAsync(input, cancel);
        }
        catch (SnapshotException refusal)
        {
            return new ExportResult.Failed(new Failure.Refused(refusal.Message));
        }

        return await request.Header(sink, reader.Header, now).MatchAsync(
            RightAsync: header => destination.ExportAsync(
                header,
                Accepted(reader.RowsAsync(Rules(destination, header, request), cancel), request.IsStrict),
                request.DryRun,
                progress,
                cancel),
            Left: failure => new ExportResult.Failed(failure));
    }

    private static ItemRules Rules(IDestination destination, SnapshotHeader header, ExportRequest request) =>
        new(header.Scope, destination.Limits, request.Target, request.IncludeSecrets);

    /// <summary>Reads the whole input once before the first row is written; throws <see cref="SnapshotException"/> where an item is rejected.</summary>
    private static async Task CheckAsync(
        IDestination destination, Sink sink, ExportRequest request, Stream input, DateTimeOffset now, CancellationToken cancel)
    {
        var reader = await SnapshotReader.OpenAsync(input, cancel);
        foreach (var header in request.Header(sink, reader.Header, now).RightAsEnumerable())
            await foreach (var _ in Accepted(reader.RowsAsync(Rules(destination, header, request), cancel), isStrict: true))
            {
            }

        input.Position = 0;
    }

    /// <summary>The same rows; throws <see cref="SnapshotException"/> at the end of a snapshot that is refused as a whole, so that it is rolled back.</summary>
    private static async IAsyncEnumerable<RowOrRejection> Accepted(IAsyncEnumerable<RowOrRejection> rows, bool isStrict)
    {
        var counts = SnapshotCounts.Zero;
        await foreach (var row in rows)
        {
            counts = counts.Add(row);
            yield return row;
        }

        foreach (var why in counts.Refusal(isStrict).ToSeq())
            throw new SnapshotException($"input: {why}");
    }

    private static async IAsyncEnumerable<RowOrRejection> RowsAsync(
        IEnumerable<CollectedItem> items, ItemRules rules, Action<RejectedItem> rejected, [EnumeratorCancellation] CancellationToken cancel)
    {
        var number = 0L;
        foreach (var item in items)
        {
            var row = ItemReader.Read(item.Json, rules, ++number);
            if (row is RowOrRejection.Rejected it)
                rejected(RejectedItem.Of(new RowIdentity(item.TargetName, item.Uid), it));
            yield return row;
            if (number % ItemsAtOnce > 0)
                continue;
            cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
