using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>A PostgreSQL sink, ready to connect.</summary>
/// <param name="sink">What to do.</param>
/// <param name="at">Which table.</param>
/// <param name="parameters">Server parameters of the connection string.</param>
/// <param name="connect">How to connect.</param>
/// <param name="redactor">Knows every part of the connection that must not be shown.</param>
internal sealed class PostgresDestination(
    PostgresSink sink, TableLocation at, Map<string, SecretText> parameters, ConnectionFactory connect, Redactor redactor) : IDestination
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(15);

    private readonly Desired desired = Plan.Desire(sink, at);

    /// <inheritdoc/>
    public RowLimits Limits => Core.Backends.Postgres.Limits.Instance;

    /// <inheritdoc/>
    public async Task<PlanResult> PlanAsync(CancellationToken cancel)
    {
        var look = await LookAsync(cancel);
        return look.Match<PlanResult>(
            Right: observed => new PlanResult.Planned(Plan.Provision(desired, observed), Plan.Preview(sink, desired, observed), observed.Table.IsSome),
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
        var watch = Stopwatch.StartNew();
        var stage = Stage.Connect;
        try
        {
            await using var session = await connect.OpenAsync(cancel);

            stage = Stage.Options;
            await ApplySettingsAsync(session, cancel);

            stage = Stage.Provision;
            if (await ExportRun.ProvisionAsync(session, desired, cancel) is ProvisioningPlan.Refused refused)
                return new ExportResult.Failed(Failure.Refused.Preflight(refused.Refusals));
            var observed = await Observe.DestinationAsync(session, desired.Table, cancel);

            stage = Stage.Export;
            var plan = ExportPlan.Of(sink, desired, observed, header);
            var export = new ExportRun(session, plan, progress);
            var decision = await export.DecideAsync(cancel);
            if (decision is WriteDecision.Superseded superseded)
                return new ExportResult.Superseded(header.ExportedAt, superseded.Held);
            var (read, written) = await export.WriteAsync((WriteDecision.Write)decision, rows, cancel);

            stage = Stage.Commit;
            if (!dryRun)
                await session.CommitAsync(cancel);
            var outcome = ExportPlan.Tally(read, written, watch.Elapsed);
            return dryRun ? new ExportResult.DryRun(outcome) : new ExportResult.Exported(outcome);
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

    private async Task<Either<Failure, Observed>> LookAsync(CancellationToken cancel)
    {
        var stage = Stage.Connect;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ProbeLimit);
        try
        {
            await using var session = await connect.OpenAsync(limit.Token);
            stage = Stage.Options;
            await ApplySettingsAsync(session, limit.Token);
            stage = Stage.Preflight;
            return await Observe.DestinationAsync(session, desired.Table, limit.Token);
        }
        catch (Exception exception) when (Faults.Of(exception) is { } fault)
        {
            return Errors.Classify(stage, fault, redactor);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Errors.Classify(stage, new Fault.Network(NetworkFault.TimedOut), redactor);
        }
    }

    private async Task ApplySettingsAsync(Session session, CancellationToken cancel)
    {
        foreach (var (name, value) in ExportPlan.SettingsOf(sink, parameters))
            await session.ExecuteAsync(ExportStatements.Set, cancel, name, value);
    }
}
