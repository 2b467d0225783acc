using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Core.Views;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Backends;

/// <summary>
/// The steps of a plan, a probe and an export in their order, the same for all backends; each backend implements the steps. A step
/// throws when the server or the network fails, and the failure names the current stage.
/// </summary>
/// <typeparam name="TSession">A connection; disposing it rolls back what is not committed.</typeparam>
/// <typeparam name="TObserved">The facts that Core's plan needs.</typeparam>
/// <param name="errors">Errors of the backend.</param>
/// <param name="redactor">Masks the parts of the connection that must not be shown.</param>
internal abstract class Destination<TSession, TObserved>(ErrorTable errors, Redactor redactor) : IDestination
    where TSession : IAsyncDisposable
{
    /// <summary>The course of one operation.</summary>
    private sealed class Course
    {
        public Stage Stage { get; set; } = Stage.Connect;

        /// <summary>True = the connection and the observation of the last export will do.</summary>
        public bool Continues { get; init; }

        /// <summary>The state that the next operation may rely on; None = the connection is closed.</summary>
        public Option<TObserved> Kept { get; private set; }

        public void Keep(TObserved observed) => Kept = observed;
    }

    private sealed record Opened(TSession Session, TObserved Observed);

    private Opened? kept;
    private volatile bool isDisposed;

    /// <inheritdoc/>
    public abstract RowLimits Limits { get; }

    /// <inheritdoc/>
    public Task<PlanResult> PlanAsync(CancellationToken cancel) => WithinLimitAsync<PlanResult>(
        (_, observed, _) => Task.FromResult<PlanResult>(Describe(observed)), failure => new PlanResult.Failed(failure), cancel);

    /// <inheritdoc/>
    public Task<ProbeResult> ProbeAsync(CancellationToken cancel) => WithinLimitAsync(ProbeAsync, failure => new ProbeResult.Failed(failure), cancel);

    /// <inheritdoc/>
    public Task<ViewsResult> ApplyViewsAsync(Seq<TargetView> views, CancellationToken cancel)
    {
        var course = new Course();
        return RunAsync<ViewsResult>(
            course,
            async (session, observed) =>
            {
                course.Stage = Stage.Provision;
                var plans = new List<ViewPlan>();
                await foreach (var plan in MakeViewsAsync(session, observed, views, cancel))
                    plans.Add(plan);
                return new ViewsResult.Applied(plans.ToSeq());
            },
            failure => new ViewsResult.Failed(failure),
            cancel);
    }

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
                (await ExportAsync(course, session, observed, new ExportInput(header, rows, dryRun, progress, watch), cancel)).Lasting(watch.Elapsed),
            failure => Failed(course, failure, cancel),
            cancel);
    }

    /// <inheritdoc/>
    public Task<Either<BasisLost, ExportResult>> ExportChangesAsync(SnapshotHeader header, SnapshotChanges changes, CancellationToken cancel) =>
        OnTopAsync((session, observed) => WriteChangesAsync(session, observed, header, changes, cancel), cancel);

    /// <inheritdoc/>
    public Task<Either<BasisLost, ExportResult>> RepairAsync(SnapshotHeader header, IHeldSnapshot held, CancellationToken cancel) =>
        OnTopAsync((session, observed) => WriteRepairsAsync(session, observed, header, held, cancel), cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        isDisposed = true;
        return DropKeptAsync();
    }

    /// <summary>Connects and authenticates.</summary>
    protected abstract Task<TSession> OpenAsync(CancellationToken cancel);

    /// <summary>Prepares a connection whose last writes are committed, its options included.</summary>
    protected virtual Task BeginAgainAsync(TSession session, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Applies options that belong to a new session, or to its transaction.</summary>
    protected virtual Task ApplyOptionsAsync(TSession session, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Reads the state of the destination and changes nothing.</summary>
    protected abstract Task<TObserved> ObserveAsync(TSession session, CancellationToken cancel);

    /// <summary>Plans the provisioning for that state.</summary>
    protected abstract ProvisioningPlan Provision(TObserved observed);

    /// <summary>Result of <see cref="PlanAsync"/>.</summary>
    protected abstract PlanResult.Planned Describe(TObserved observed);

    /// <summary>Result of a probe.</summary>
    protected abstract Task<ProbeResult> ProbeAsync(TSession session, TObserved observed, CancellationToken cancel);

    /// <summary>Creates what is missing, unless another exporter has created it meanwhile. Returns the state to plan with.</summary>
    protected abstract Task<TObserved> CreateAsync(TSession session, TObserved observed, bool dryRun, CancellationToken cancel);

    /// <summary>Makes one view after the other.</summary>
    protected abstract IAsyncEnumerable<ViewPlan> MakeViewsAsync(TSession session, TObserved observed, Seq<TargetView> views, CancellationToken cancel);

    /// <summary>Writes the snapshot.</summary>
    protected abstract Task<ExportResult> WriteAsync(TSession session, TObserved observed, ExportInput input, CancellationToken cancel);

    /// <summary>As <see cref="IDestination.ExportChangesAsync"/>; the caller commits what was exported.</summary>
    protected virtual Task<Either<BasisLost, ExportResult>> WriteChangesAsync(
        TSession session, TObserved observed, SnapshotHeader header, SnapshotChanges changes, CancellationToken cancel) =>
        Task.FromResult<Either<BasisLost, ExportResult>>(new BasisLost("this backend takes no differences"));

    /// <summary>As <see cref="IDestination.RepairAsync"/>; the caller commits what was exported.</summary>
    protected virtual Task<Either<BasisLost, ExportResult>> WriteRepairsAsync(
        TSession session, TObserved observed, SnapshotHeader header, IHeldSnapshot held, CancellationToken cancel) =>
        Task.FromResult<Either<BasisLost, ExportResult>>(new BasisLost("this backend looks for no changes"));

    /// <summary>Commits the writes, where the backend has transactions.</summary>
    protected virtual Task CommitAsync(TSession session, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Maps an exception to a fault; null = neither the server nor the network caused it.</summary>
    protected abstract Fault? FaultOf(Exception exception);

    /// <summary>True = the connection is no more, and one that was kept is replaced by a new one.</summary>
    protected virtual bool EndsConnection(Fault fault) => fault is Fault.Network;

    /// <summary>Closes the connections, so that whatever waits for the server ends.</summary>
    protected virtual void Disconnect()
    {
    }

    /// <summary>Runs the statements of a step. A refusal of the server is one of this view alone; anything else ends the work.</summary>
    /// <param name="run">Runs and commits them.</param>
    protected async Task<ViewStep> MadeAsync(ViewStep step, Func<ViewStep.Change, Task> run)
    {
        if (step is not ViewStep.Change change)
            return step;
        try
        {
            await run(change);
            return change;
        }
        catch (Exception exception) when (FaultOf(exception) is { } fault && Classify(Stage.Provision, fault) is Failure.Refused refused)
        {
            return new ViewStep.Refused(new Refusal(refused.Message, string.Join("\n", change.Statements.Map(it => it.Sql))));
        }
    }

    /// <summary>What an error means.</summary>
    protected Failure Classify(Stage stage, Fault fault) => errors.Classify(stage, fault, redactor);

    /// <summary>A text of the server as a part of a message: see <see cref="Redactor.Said"/>.</summary>
    protected string Said(string text) => redactor.Said(text);

    private Task<Either<BasisLost, ExportResult>> OnTopAsync(
        Func<TSession, TObserved, Task<Either<BasisLost, ExportResult>>> write, CancellationToken cancel)
    {
        var (course, watch) = (new Course { Continues = true }, Stopwatch.StartNew());
        return RunAsync<Either<BasisLost, ExportResult>>(
            course,
            async (session, observed) =>
            {
                if (Provision(observed) is not ProvisioningPlan.Ready { Statements.IsEmpty: true })
                    return new BasisLost("the destination is not as an export leaves it");
                course.Stage = Stage.Export;
                var result = await write(session, observed);
                if (result.Exists(it => it is ExportResult.Exported))
                {
                    course.Stage = Stage.Commit;
                    await CommitAsync(session, cancel);
                    course.Keep(observed);
                }

                return result.Map(it => it.Lasting(watch.Elapsed));
            },
            failure => Failed(course, failure, cancel),
            cancel);
    }

    /// <summary>What fails before the commit of a cancelled export may fail because of that; whether it was committed is said in any case.</summary>
    /// <exception cref="StageCancelledException">It was cancelled.</exception>
    private static ExportResult Failed(Course course, Failure failure, CancellationToken cancel) =>
        course.Stage != Stage.Commit && cancel.IsCancellationRequested
            ? throw new StageCancelledException(course.Stage, cancel)
            : new ExportResult.Failed(failure);

    private async Task<ExportResult> ExportAsync(Course course, TSession session, TObserved observed, ExportInput input, CancellationToken cancel)
    {
        var (plan, wasThere) = (Provision(observed), true);
        if (plan is ProvisioningPlan.Ready { Statements.IsEmpty: false })
        {
            wasThere = false;
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
            if (wasThere)
                course.Keep(observed);
        }

        return result;
    }

    private async Task<T> WithinLimitAsync<T>(Func<TSession, TObserved, CancellationToken, Task<T>> then, Func<Failure, T> failed, CancellationToken cancel)
    {
        var course = new Course();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ServerLimits.Probe);
        try
        {
            return await RunAsync(course, (session, observed) => then(session, observed, limit.Token), failed, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return failed(errors.Classify(course.Stage, new Fault.TooSlow(ServerLimits.Probe), redactor));
        }
    }

    /// <summary>Ends soon after <paramref name="cancel"/>, whatever the server and the driver do.</summary>
    /// <exception cref="StageCancelledException">It was cancelled.</exception>
    private async Task<T> RunAsync<T>(Course course, Func<TSession, TObserved, Task<T>> then, Func<Failure, T> failed, CancellationToken cancel)
    {
        var steps = Task.Run(() => StepsAsync(course, then, failed, cancel), CancellationToken.None);
        try
        {
            if (await EndsAsync(steps, cancel))
                return await steps;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new StageCancelledException(course.Stage, cancel);
        }

        _ = steps.ContinueWith(static left => left.Exception, TaskScheduler.Default);
        return course.Stage == Stage.Commit
            ? failed(errors.Classify(Stage.Commit, new Fault.Network(NetworkFault.TimedOut), redactor))
            : throw new StageCancelledException(course.Stage, cancel);
    }

    /// <summary>False = the steps go on although they were cancelled, or they end because their connections were closed.</summary>
    private async Task<bool> EndsAsync(Task steps, CancellationToken cancel)
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(steps, Task.Delay(Timeout.Infinite, cancelled.Token));
        if (steps.IsCompleted || await Task.WhenAny(steps, Task.Delay(Waits.Ending, CancellationToken.None)) == steps)
        {
            await cancelled.CancelAsync();
            return true;
        }

        Disconnect();
        await Task.WhenAny(steps, Task.Delay(Waits.Ending, CancellationToken.None));
        return false;
    }

    private async Task<T> StepsAsync<T>(Course course, Func<TSession, TObserved, Task<T>> then, Func<Failure, T> failed, CancellationToken cancel)
    {
        try
        {
            if (!course.Continues)
                await DropKeptAsync();
            else if (Interlocked.Exchange(ref kept, null) is { } last && await ContinueAsync(course, last, then, cancel) is (true, var done))
                return done;
            course.Stage = Stage.Connect;
            return await WithAsync(course, await OpenAsync(cancel), None, then, cancel);
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

    /// <summary>Not done = the connection was lost before the commit, which most often happened while nothing was done with it.</summary>
    private async Task<(bool IsDone, T Result)> ContinueAsync<T>(Course course, Opened last, Func<TSession, TObserved, Task<T>> then, CancellationToken cancel)
    {
        try
        {
            return (true, await WithAsync(course, last.Session, last.Observed, then, cancel));
        }
        catch (Exception broken) when (course.Stage != Stage.Commit && FaultOf(broken) is { } fault && EndsConnection(fault) && !cancel.IsCancellationRequested)
        {
            return (false, default!);
        }
    }

    private async Task<T> WithAsync<T>(
        Course course, TSession session, Option<TObserved> known, Func<TSession, TObserved, Task<T>> then, CancellationToken cancel)
    {
        try
        {
            course.Stage = Stage.Options;
            await (known.IsSome ? BeginAgainAsync(session, cancel) : ApplyOptionsAsync(session, cancel));
            course.Stage = Stage.Preflight;
            return await then(session, await known.IfNoneAsync(() => ObserveAsync(session, cancel)));
        }
        finally
        {
            await course.Kept.Match(
                observed => KeepAsync(new Opened(session, observed)).AsTask(),
                () => session.DisposeAsync().AsTask());
        }
    }

    /// <summary>At most one is kept, and none after the end.</summary>
    private async ValueTask KeepAsync(Opened last)
    {
        if (Interlocked.Exchange(ref kept, last) is { } other)
            await other.Session.DisposeAsync();
        if (isDisposed)
            await DropKeptAsync();
    }

    private ValueTask DropKeptAsync() => Interlocked.Exchange(ref kept, null) is { } last ? last.Session.DisposeAsync() : ValueTask.CompletedTask;
}

/// <summary>Arguments of <see cref="IDestination.ExportAsync"/>.</summary>
/// <param name="Header">Scope and time of the snapshot.</param>
/// <param name="Rows">Read once.</param>
/// <param name="DryRun">True = leave the destination unchanged.</param>
/// <param name="Progress">Null = no reports.</param>
/// <param name="Running">Since the export began.</param>
internal sealed record ExportInput(
    SnapshotHeader Header, IAsyncEnumerable<RowOrRejection> Rows, bool DryRun, IProgress<ExportProgress>? Progress, Stopwatch Running);
