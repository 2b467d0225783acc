using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Rows;
using Kollect.Core.Sinks;
using Kollect.Core.Validation;
using Kollect.Shell.Items;
using Kollect.Shell.Network;

namespace Kollect.Shell.Exports;

/// <summary>A stream of bytes into a sink: the whole way of one export.</summary>
public static class SnapshotExport
{
    /// <summary>Resolve, connect, read, write. Expected failures are values.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="find">Gives a Secret by name.</param>
    /// <param name="guard">Which hosts may be dialled.</param>
    /// <param name="request">Which snapshot.</param>
    /// <param name="input">In any of the forms; read once, not closed.</param>
    /// <param name="now">For input that names no time.</param>
    /// <param name="progress">Null = nobody listens.</param>
    /// <param name="cancel">Rolls back.</param>
    public static async Task<ExportResult> RunAsync(
        Sink sink,
        Func<SecretRef, Option<SecretData>> find,
        DialGuard guard,
        ExportRequest request,
        Stream input,
        DateTimeOffset now,
        IProgress<ExportProgress>? progress,
        CancellationToken cancel)
    {
        var opened = Naming.TableOf(sink, request.ClusterOf(sink), request.InventoryNamespace, request.InventoryName)
            .MapLeft<Failure>(why => new Failure.Refused(why))
            .Bind(table => Destinations.Open(sink, table, find, guard));
        return await opened.MatchAsync(
            RightAsync: destination => RunAsync(destination, sink, request, input, now, progress, cancel),
            Left: failure => new ExportResult.Failed(failure));
    }

    private static async Task<ExportResult> RunAsync(
        IDestination opened,
        Sink sink,
        ExportRequest request,
        Stream input,
        DateTimeOffset now,
        IProgress<ExportProgress>? progress,
        CancellationToken cancel)
    {
        await using var destination = opened;
        SnapshotReader reader;
        try
        {
            reader = await SnapshotReader.OpenAsync(input, cancel);
        }
        catch (SnapshotException refusal)
        {
            return new ExportResult.Failed(new Failure.Refused(refusal.Message));
        }

        return await request.Header(sink, reader.Header, now).MatchAsync(
            RightAsync: header => destination.ExportAsync(
                header,
                reader.RowsAsync(new ItemRules(header.Scope, destination.Limits, request.Target, request.IncludeSecrets), cancel),
                request.DryRun,
                progress,
                cancel),
            Left: failure => new ExportResult.Failed(failure));
    }
}
