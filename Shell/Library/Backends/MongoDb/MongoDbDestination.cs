using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Backends.MongoDb;

/// <summary>A MongoDB sink, ready to connect.</summary>
/// <param name="sink">What to do.</param>
/// <param name="at">Which collection.</param>
/// <param name="connect">How to connect.</param>
/// <param name="redactor">Knows every part of the connection that must not be shown.</param>
internal sealed class MongoDbDestination(MongoDbSink sink, TableLocation at, ConnectionFactory connect, Redactor redactor) : IDestination
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(15);

    private readonly Desired desired = Plan.Desire(sink, at);

    /// <inheritdoc/>
    public RowLimits Limits => Core.Backends.MongoDb.Limits.Instance;

    /// <inheritdoc/>
    public async Task<PlanResult> PlanAsync(CancellationToken cancel)
    {
        var look = await LookAsync(cancel);
        return look.Match<PlanResult>(
            Right: observed => new PlanResult.Planned(Plan.Provision(desired, observed), Plan.Preview(sink), observed.Collection.IsSome),
            Left: failure => new PlanResult.Failed(failure));
    }

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(CancellationToken cancel)
    {
        var look = await LookAsync(cancel);
        return look.Match(
            Right: observed => ProbeReport.Of(sink, desired, observed),
            Left: failure => new ProbeResult.Failed(failure));
    }

    /// <inheritdoc/>
    public async Task<ExportResult> ExportAsync(
        SnapshotHeader header,
        IAsyncEnumerable<RowOrRejection> rows,
        bool dryRun,
        IProgress<ExportProgress>? progress,
        CancellationToken cancel)
    {
        if (!ConnectionFactory.IsPossible)
            return new ExportResult.Failed(Errors.LibraryMissing);
        var watch = Stopwatch.StartNew();
        var stage = Stage.Connect;
        try
        {
            using var connection = await connect.OpenAsync(cancel);
            var server = connection.Server;

            stage = Stage.Preflight;
            var observed = await Observe.DestinationAsync(connection, desired.Collection, cancel);
            if (Plan.Provision(desired, observed) is ProvisioningPlan.Refused refused)
                return new ExportResult.Failed(Failure.Refused.Preflight(refused.Refusals));

            stage = Stage.Provision;
            if (!dryRun)
                await Provision.RunAsync(server, desired, observed, cancel);

            stage = Stage.Export;
            var plan = ExportPlan.Of(sink, desired, header);
            var before = await Observe.ScopeAsync(server, plan, cancel);
            var decided = plan.Decide(before);
            if (decided is WriteDecision.Superseded superseded)
                return new ExportResult.Superseded(header.ExportedAt, superseded.Held);
            var decision = (WriteDecision.Write)decided;
            if (dryRun)
                return new ExportResult.DryRun(await new DryRunExport(server, plan, decision.Documents).RunAsync(rows, watch, cancel));

            var export = new ExportRun(server, plan, decision.Documents, progress);
            using var spool = new Spool();
            var read = await export.ReadAsync(rows, spool, cancel);
            await export.UpsertAsync(read, spool, cancel);
            var (now, ending) = await export.ConcludeAsync(before, read, cancel);
            switch (ending)
            {
                case Ending.DeleteStale stale:
                    var deleted = await export.DeleteStaleAsync(stale, cancel);
                    return new ExportResult.Exported(plan.Tally(read, export.Counts, before, now, deleted, watch.Elapsed));
                case Ending.Overtaken overtaken:
                    await export.TakeBackAsync(cancel);
                    return overtaken.Result(header.ExportedAt);
                case Ending.Contended contended:
                    return new ExportResult.Failed(Errors.Classify(stage, contended.Why.Fault, redactor));
                default:
                    throw new UnreachableException();
            }
        }
        catch (SnapshotException input)
        {
            return new ExportResult.Failed(new Failure.Refused(input.Message));
        }
        catch (MongoDbException error)
        {
            return new ExportResult.Failed(Errors.Classify(stage, error.Fault, redactor));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<Either<Failure, Observed>> LookAsync(CancellationToken cancel)
    {
        if (!ConnectionFactory.IsPossible)
            return Errors.LibraryMissing;
        var stage = Stage.Connect;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ProbeLimit);
        try
        {
            using var connection = await connect.OpenAsync(limit.Token);
            stage = Stage.Preflight;
            return await Observe.DestinationAsync(connection, desired.Collection, limit.Token);
        }
        catch (MongoDbException error)
        {
            return Errors.Classify(stage, error.Fault, redactor);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Errors.Classify(stage, new Fault.Network(NetworkFault.TimedOut), redactor);
        }
    }
}
