using System.Runtime.CompilerServices;
using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Backends.Postgres.Views;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Core.Views;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using Kollect.Shell.Snapshots;
using Npgsql;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>A PostgreSQL sink, ready to connect.</summary>
/// <param name="redactor">Masks every part of the connection that must not be shown.</param>
internal sealed class PostgresDestination(
    PostgresSink sink, TableLocation at, ConnectionFactory connect, Redactor redactor)
    : Destination<Session, Observed>(Errors.Table, redactor)
{
    private readonly Desired desired = Plan.Desire(sink, at);
    private ServerConnections bounds = new();

    /// <inheritdoc/>
    public override RowLimits Limits => Core.Backends.Postgres.Limits.Instance;

    protected override Task<Session> OpenAsync(CancellationToken cancel)
    {
        if (bounds.Closed.IsCancellationRequested)
            bounds = new ServerConnections();
        return connect.OpenAsync(bounds, cancel);
    }

    protected override async Task BeginAgainAsync(Session session, CancellationToken cancel)
    {
        await session.BeginAgainAsync(cancel);
        DeferOptions(session);
    }

    protected override Task ApplyOptionsAsync(Session session, CancellationToken cancel)
    {
        DeferOptions(session);
        return session.SendAsync(cancel);
    }

    private void DeferOptions(Session session)
    {
        foreach (var setting in ExportPlan.SettingsOf(sink, connect.Connection.Parameters))
            session.DeferSetting(setting, refused => setting.IsOfConnection
                ? new RefusedSettingException(new RefusedSetting($"options in {connect.Connection.Place}", new SecretText(setting.Value)), refused)
                : refused);
        foreach (var milliseconds in LockWaits.Limit(sink, connect.Connection.Parameters).ToSeq())
            session.DeferQuery(ExportStatements.LimitLockWaits, _ => { }, milliseconds);
    }

    protected override Task<Observed> ObserveAsync(Session session, CancellationToken cancel) =>
        Observe.DestinationAsync(session, desired, cancel);

    protected override ProvisioningPlan Provision(Observed observed) => Plan.Provision(desired, observed);

    protected override PlanResult.Planned Describe(Observed observed) =>
        new(Provision(observed), Plan.Preview(sink, desired, observed), observed.Table.IsSome);

    protected override Task<ProbeResult> ProbeAsync(Session session, Observed observed, CancellationToken cancel) =>
        Task.FromResult(ProbeReport.Of(sink, desired, observed));

    /// <summary>
    /// Reads the catalog again under the lock, because another exporter may have created the tables. The ledger, for which every exporter of the schema would
    /// wait, has a transaction of its own. A dry run rolls back all of it.
    /// </summary>
    protected override async Task<Observed> CreateAsync(Session session, Observed observed, bool dryRun, CancellationToken cancel)
    {
        if (!dryRun && !Plan.CreateLedger(desired, observed).IsEmpty)
        {
            observed = await CreateAsync(session, desired.Ledger.At, it => Plan.CreateLedger(desired, it), cancel);
            await session.CommitAsync(cancel);
            await BeginAgainAsync(session, cancel);
            if (Provision(observed) is ProvisioningPlan.Ready { Statements.IsEmpty: true })
                return observed;
        }

        return await CreateAsync(
            session, desired.Table, it => Provision(it) is ProvisioningPlan.Ready ready ? ready.Statements : Empty, cancel);
    }

    private async Task<Observed> CreateAsync(Session session, TableName table, Func<Observed, Seq<Statement>> missing, CancellationToken cancel)
    {
        await session.ExecuteAsync(ExportStatements.Lock, cancel, new ExportStatements(table).TableLockName);
        var locked = await ObserveAsync(session, cancel);
        foreach (var statement in missing(locked))
            await session.ExecuteAsync(statement.Sql, cancel);
        return locked;
    }

    /// <summary>Each view has a transaction of its own: it is created or replaced as a whole, and a refused one leaves the others alone.</summary>
    protected override async IAsyncEnumerable<ViewPlan> MakeViewsAsync(
        Session session, Observed observed, Seq<TargetView> views, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var view in DesiredView.Over(sink, at, views))
        {
            await session.ExecuteAsync(ExportStatements.Lock, cancel, new ExportStatements(view.View).TableLockName);
            var found = await Observe.ViewAsync(session, view.View, cancel);
            var step = await MadeAsync(ViewDiff.Between(view, observed, found), async change =>
            {
                foreach (var statement in change.Statements)
                    await session.ExecuteAsync(statement.Sql, cancel);
                await session.CommitAsync(cancel);
                await session.BeginAgainAsync(cancel);
            });
            if (step is not ViewStep.Change)
                await session.StartOverAsync(cancel);
            await ApplyOptionsAsync(session, cancel);
            yield return view.Planned(step);
        }
    }

    protected override async Task<ExportResult> WriteAsync(Session session, Observed observed, ExportInput input, CancellationToken cancel)
    {
        var export = new ExportRun(session, ExportPlan.Of(sink, desired, observed, input.Header), input);
        try
        {
            var result = await ExportAsync(export, input, cancel);
            return result is ExportResult.Failed { Failure: Failure.Refused refused } ? await RefusedAsync(session, export, input, refused, cancel) : result;
        }
        catch (PostgresException error) when (error.SqlState == LockWaits.Code)
        {
            return new ExportResult.Failed(await ExplainAsync(session, input.Header.Scope, cancel));
        }
        catch (SnapshotException refused)
        {
            return await RefusedAsync(session, export, input, new Failure.Refused(refused.Message), cancel);
        }
        catch (PostgresException error) when (Faults.Of(error) is { } fault && Classify(Stage.Export, fault) is Failure.Refused refused)
        {
            return await RefusedAsync(session, export, input, refused, cancel);
        }
    }

    /// <summary>The refusal itself, also where the ledger cannot take it.</summary>
    private async Task<ExportResult> RefusedAsync(Session session, ExportRun export, ExportInput input, Failure.Refused refused, CancellationToken cancel)
    {
        try
        {
            await session.StartOverAsync(cancel);
            await ApplyOptionsAsync(session, cancel);
            if (!input.DryRun && await export.RecordRefusalAsync(refused.Message, cancel))
                await session.CommitAsync(cancel);
        }
        catch (Exception failed) when (FaultOf(failed) is not null)
        {
            // The entry is best effort: the result is the refusal.
        }

        return new ExportResult.Failed(refused);
    }

    /// <summary>Tells who holds the lock. The wait is over, and nothing waits meanwhile for what was locked here.</summary>
    private async Task<Failure> ExplainAsync(Session session, Scope scope, CancellationToken cancel)
    {
        var (awaited, waited, names) = (session.Awaited, session.Running, new ExportStatements(desired.Table));
        await session.StartOverAsync(cancel);
        var holders = awaited switch
        {
            AwaitedLock.Scope => await HoldersAsync(LockWaits.AdvisoryHolders, names.LockName(scope)),
            AwaitedLock.Inventory => await HoldersAsync(LockWaits.AdvisoryHolders, names.InventoryLockName(scope)),
            _ => await HoldersAsync(LockWaits.TableHolders, desired.Table.Schema, desired.Table.Name),
        };
        return LockWaits.Explain(awaited, desired.Table, scope, waited, holders);

        // An application's name may be that of a user or a database.
        Task<Seq<LockHolder>> HoldersAsync(string sql, params object[] values) => session.QueryAsync(
            sql,
            row => new LockHolder(
                row.GetInt32(0), Said(row.GetString(1)), row.IsDBNull(2) ? None : Times.Length(row.GetDouble(2))),
            cancel,
            values);
    }

    private async Task<ExportResult> ExportAsync(ExportRun export, ExportInput input, CancellationToken cancel)
    {
        var decision = await export.DecideAsync(cancel);
        if (decision is WriteDecision.Superseded superseded)
            return new ExportResult.Superseded(input.Header.ExportedAt, superseded.Held);
        var written = await export.WriteAsync((WriteDecision.Write)decision, cancel);
        foreach (var objection in (await export.ObjectionAsync(written, cancel)).ToSeq())
            return new ExportResult.Failed(objection);
        var outcome = await export.OutcomeAsync(written, cancel);
        return input.DryRun
            ? new ExportResult.DryRun(outcome)
            : new ExportResult.Exported(outcome) { Fence = await export.RecordAsync(sink.Settings, outcome, written, cancel) };
    }

    protected override Task<Either<BasisLost, ExportResult>> WriteChangesAsync(
        Session session, Observed observed, SnapshotHeader header, SnapshotChanges changes, CancellationToken cancel) =>
        OnTopAsync(session, observed, header, plan => new DeltaRun(session, plan, sink.Settings).RunAsync(changes, cancel), cancel);

    protected override Task<Either<BasisLost, ExportResult>> WriteRepairsAsync(
        Session session, Observed observed, SnapshotHeader header, IHeldSnapshot held, CancellationToken cancel) =>
        OnTopAsync(session, observed, header, plan => new RepairRun(session, plan, held).RunAsync(cancel), cancel);

    private async Task<Either<BasisLost, ExportResult>> OnTopAsync(
        Session session, Observed observed, SnapshotHeader header, Func<DeltaPlan, Task<Either<BasisLost, ExportResult>>> run, CancellationToken cancel)
    {
        if (!DeltaPlan.Of(ExportPlan.Of(sink, desired, observed, header).InBatches(sink)).TryRight(out var plan, out var lost))
            return lost;
        try
        {
            return await run(plan);
        }
        catch (PostgresException error) when (error.SqlState == LockWaits.Code)
        {
            return new ExportResult.Failed(await ExplainAsync(session, header.Scope, cancel));
        }
    }

    protected override Task CommitAsync(Session session, CancellationToken cancel) => session.CommitAsync(cancel);

    protected override void Disconnect() => bounds.Close();

    protected override bool EndsConnection(Fault fault) => Errors.EndsConnection(fault);

    protected override Fault? FaultOf(Exception exception) => bounds.Exceeded ?? Faults.Of(exception);
}
