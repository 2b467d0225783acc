using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Backends.BigQuery;

/// <summary>A BigQuery sink, ready to connect.</summary>
/// <param name="sink">What to do.</param>
/// <param name="at">Which table.</param>
/// <param name="connect">How to connect.</param>
/// <param name="redactor">Knows every part of the key that must not be shown.</param>
/// <param name="clock">For waiting between two looks at a job.</param>
internal sealed class BigQueryDestination(BigQuerySink sink, TableLocation at, ConnectionFactory connect, Redactor redactor, TimeProvider clock) : IDestination
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(15);

    private readonly Desired desired = Plan.Desire(sink, at);

    /// <inheritdoc/>
    public RowLimits Limits => Core.Backends.BigQuery.Limits.Instance;

    /// <inheritdoc/>
    public Task<PlanResult> PlanAsync(CancellationToken cancel) => LookAsync<PlanResult>(
        (_, _, observed, _) => Task.FromResult<PlanResult>(
            new PlanResult.Planned(Plan.Provision(sink, desired, observed), Plan.Preview(sink, desired, observed), observed.Table.IsSome)),
        failure => new PlanResult.Failed(failure),
        cancel);

    /// <inheritdoc/>
    public Task<ProbeResult> ProbeAsync(CancellationToken cancel) => LookAsync(
        async (service, jobs, observed, limit) =>
        {
            var report = ProbeReport.Of(sink, desired, observed);
            if (report is not ProbeResult.Succeeded)
                return report;
            var plan = ExportPlan.Of(sink, desired, observed, ProbeReport.Header);
            var body = Requests.Statement(
                plan.Job([], 0), ProbeReport.Statement(desired, observed, plan.SkipUnchanged), plan.WithRows(new SourceRows(), SnapshotCounts.Zero), plan.Settings, dryRun: true);
            await jobs.CallAsync(token => service.InsertJobAsync(desired.Table.Project, body, token), limit);
            return report;
        },
        failure => new ProbeResult.Failed(failure),
        cancel);

    /// <inheritdoc/>
    public async Task<ExportResult> ExportAsync(
        SnapshotHeader header,
        IAsyncEnumerable<RowOrRejection> rows,
        bool dryRun,
        IProgress<ExportProgress>? progress,
        CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var stage = Stage.Connect;
        try
        {
            using var service = await connect.OpenAsync(cancel);
            var jobs = new Jobs(service, clock);
            var dataset = await Observe.DatasetAsync(service, jobs, desired.Table, cancel);

            stage = Stage.Preflight;
            var observed = await Observe.TableAsync(service, jobs, desired.Table, dataset, cancel);
            if (Plan.Provision(sink, desired, observed) is ProvisioningPlan.Refused refused)
                return new ExportResult.Failed(Failure.Refused.Preflight(refused.Refusals));

            stage = Stage.Provision;
            if (!dryRun)
                observed = await ProvisionAsync(service, jobs, observed, cancel);

            stage = Stage.Export;
            await using var export = new ExportRun(service, jobs, ExportPlan.Of(sink, desired, observed, header), progress, clock);
            var read = await export.ReadAsync(rows, cancel);
            return await read.MatchAsync(
                RightAsync: counts => dryRun ? export.CountAsync(counts, watch, cancel) : export.MergeAsync(counts, watch, cancel),
                Left: failure => new ExportResult.Failed(failure));
        }
        catch (SnapshotException input)
        {
            return new ExportResult.Failed(new Failure.Refused(input.Message));
        }
        catch (Exception exception) when (Faults.Of(exception) is { } fault)
        {
            return new ExportResult.Failed(Errors.Classify(stage, fault, redactor));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Creates the table where it is missing; someone who does the same at the same time is welcome.</summary>
    private async Task<Observed> ProvisionAsync(BigQueryService service, Jobs jobs, Observed observed, CancellationToken cancel)
    {
        if (observed.Table.IsSome)
            return observed;
        var created = await jobs.CreateAsync(token => service.InsertTableAsync(desired.Table, Render.TableResource(desired), token), cancel);
        var resource = await created.Match(
            Task.FromResult,
            () => jobs.CallAsync(token => service.GetTableAsync(desired.Table, token), cancel));
        return observed with { Table = ObservedTable.Read(resource) };
    }

    private async Task<T> LookAsync<T>(
        Func<BigQueryService, Jobs, Observed, CancellationToken, Task<T>> then, Func<Failure, T> failed, CancellationToken cancel)
    {
        var stage = Stage.Connect;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ProbeLimit);
        try
        {
            using var service = await connect.OpenAsync(limit.Token);
            var jobs = new Jobs(service, clock);
            var dataset = await Observe.DatasetAsync(service, jobs, desired.Table, limit.Token);

            stage = Stage.Preflight;
            return await then(service, jobs, await Observe.TableAsync(service, jobs, desired.Table, dataset, limit.Token), limit.Token);
        }
        catch (Exception exception) when (Faults.Of(exception) is { } fault)
        {
            return failed(Errors.Classify(stage, fault, redactor));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return failed(Errors.Classify(stage, new Fault.Network(NetworkFault.TimedOut), redactor));
        }
    }
}
