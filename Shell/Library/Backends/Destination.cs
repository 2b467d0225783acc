using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;
using Kollect.Shell.Exports;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Backends;

/// <summary>
/// The order of a plan, a probe and an export, the same for all backends; each backend supplies the steps. A step that fails for the
/// server or the network throws, and the stage under way stands in the failure.
/// </summary>
/// <typeparam name="TSession">A connection; disposing it ends what is not committed.</typeparam>
/// <typeparam name="TObserved">The facts that Core's plan needs.</typeparam>
/// <param name="errors">What the backend's errors mean.</param>
/// <param name="redactor">Knows every part of the connection that must not be shown.</param>
internal abstract class Destination<TSession, TObserved>(ErrorTable errors, Redactor redactor) : IDestination
    where TSession : IAsyncDisposable
{
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(15);

    /// <summary>The stage under way.</summary>
    private sealed class Course
    {
        public Stage Stage { get; set; } = Stage.Connect;
    }

    /// <inheritdoc/>
    public abstract RowLimits Limits { get; }

    /// <inheritdoc/>
    public Task<PlanResult> PlanAsync(CancellationToken cancel) => WithinLimitAsync<PlanResult>(
        (_, observed, _) => Task.FromResult<PlanResult>(Describe(observed)), failure => new PlanResult.Failed(failure), cancel);

    /// <inheritdoc/>
    public Task<ProbeResult> ProbeAsync(CancellationToken cancel) => WithinLimitAsync(ProbeAsync, failure => new ProbeResult.Failed(failure), cancel);

    /// <inheritdoc/>
    public Task<ExportResult> ExportAsync(
        SnapshotHeader header,
        IAsyncEnumerable<RowOrRejection> rows,
        bool dryRun,
        IProgress<ExportProgress>? progress,
        CancellationToken cancel)
    {
        var (course, watch) = (new Course(), Stopwatch.StartNew());
        return RunAsync(
            course,
            async (session, observed) =>
                (await ExportAsync(course, session, observed, new ExportInput(header, rows, dryRun, progress), cancel)).Lasting(watch.Elapsed),
            failure => new ExportResult.Failed(failure),
            cancel);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Reaches the server and authenticates.</summary>
    protected abstract Task<TSession> OpenAsync(CancellationToken cancel);

    /// <summary>Applies options that belong to the session.</summary>
    protected virtual Task ApplyOptionsAsync(TSession session, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Reads the destination's state; changes nothing.</summary>
    protected abstract Task<TObserved> ObserveAsync(TSession session, CancellationToken cancel);

    /// <summary>What provisioning does about that state.</summary>
    protected abstract ProvisioningPlan Provision(TObserved observed);

    /// <summary>The answer of a plan.</summary>
    protected abstract PlanResult.Planned Describe(TObserved observed);

    /// <summary>The answer of a probe.</summary>
    protected abstract Task<ProbeResult> ProbeAsync(TSession session, TObserved observed, CancellationToken cancel);

    /// <summary>Creates what is missing, where somebody else has not done so meanwhile; gives the state as it is known then.</summary>
    protected abstract Task<TObserved> CreateAsync(TSession session, TObserved observed, bool dryRun, CancellationToken cancel);

    /// <summary>Writes the snapshot.</summary>
    protected abstract Task<ExportResult> WriteAsync(TSession session, TObserved observed, ExportInput input, CancellationToken cancel);

    /// <summary>Makes the server keep what was written.</summary>
    protected virtual Task CommitAsync(TSession session, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>An exception as a plain fact. Null = not the server's and not the network's doing.</summary>
    protected abstract Fault? FaultOf(Exception exception);

    private async Task<ExportResult> ExportAsync(Course course, TSession session, TObserved observed, ExportInput input, CancellationToken cancel)
    {
        var plan = Provision(observed);
        if (plan is ProvisioningPlan.Ready { Statements.IsEmpty: false })
        {
            course.Stage = Stage.Provision;
            observed = await CreateAsync(session, observed, input.DryRun, cancel);
            plan = Provision(observed);
        }

        if (plan is ProvisioningPlan.Refused refused)
            return new ExportResult.Failed(Failure.Refused.Preflight(refused.Refusals));

        course.Stage = Stage.Export;
        var result = await WriteAsync(session, observed, input, cancel);
        if (result is ExportResult.Exported)
        {
            course.Stage = Stage.Commit;
            await CommitAsync(session, cancel);
        }

        return result;
    }

    private async Task<T> WithinLimitAsync<T>(Func<TSession, TObserved, CancellationToken, Task<T>> then, Func<Failure, T> failed, CancellationToken cancel)
    {
        var course = new Course();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ProbeLimit);
        try
        {
            return await RunAsync(course, (session, observed) => then(session, observed, limit.Token), failed, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return failed(errors.Classify(course.Stage, new Fault.Network(NetworkFault.TimedOut), redactor));
        }
    }

    private async Task<T> RunAsync<T>(Course course, Func<TSession, TObserved, Task<T>> then, Func<Failure, T> failed, CancellationToken cancel)
    {
        try
        {
            await using var session = await OpenAsync(cancel);
            course.Stage = Stage.Options;
            await ApplyOptionsAsync(session, cancel);
            course.Stage = Stage.Preflight;
            return await then(session, await ObserveAsync(session, cancel));
        }
        catch (SnapshotException input)
        {
            return failed(new Failure.Refused(input.Message));
        }
        catch (Exception exception) when (FaultOf(exception) is { } fault)
        {
            return failed(errors.Classify(course.Stage, fault, redactor));
        }
    }
}

/// <summary>What an export is given.</summary>
/// <param name="Header">Which rows the snapshot replaces.</param>
/// <param name="Rows">Read once.</param>
/// <param name="DryRun">Nothing may stay behind.</param>
/// <param name="Progress">Null = nobody listens.</param>
internal sealed record ExportInput(SnapshotHeader Header, IAsyncEnumerable<RowOrRejection> Rows, bool DryRun, IProgress<ExportProgress>? Progress);
