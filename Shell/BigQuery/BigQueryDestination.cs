using System.Runtime.CompilerServices;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.BigQuery.Views;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Core.Views;
using Kollect.Shell.Backends;
using Kollect.Shell.Exports;

namespace Kollect.BigQuery;

/// <summary>A BigQuery sink, ready to connect.</summary>
/// <param name="redactor">Masks every part of the key that must not be shown.</param>
internal sealed class BigQueryDestination(BigQuerySink sink, TableLocation at, ConnectionFactory connect, Redactor redactor, TimeProvider clock)
    : Destination<Session, Observed>(Errors.Table, redactor)
{
    private readonly Desired desired = Plan.Desire(sink, at);

    /// <inheritdoc/>
    public override RowLimits Limits => Core.Backends.BigQuery.Limits.Instance;

    protected override async Task<Session> OpenAsync(CancellationToken cancel)
    {
        var service = await connect.OpenAsync(cancel);
        try
        {
            var jobs = new Jobs(service, clock);
            return new Session(service, jobs, await Observe.DatasetAsync(service, jobs, desired.Table, cancel));
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    protected override Task<Observed> ObserveAsync(Session session, CancellationToken cancel) => Observe.TableAsync(session, desired.Table, cancel);

    protected override ProvisioningPlan Provision(Observed observed) => Plan.Provision(sink, desired, observed);

    protected override PlanResult.Planned Describe(Observed observed) =>
        new(Provision(observed), Plan.Preview(sink, desired, observed), observed.Table.IsSome);

    protected override async Task<ProbeResult> ProbeAsync(Session session, Observed observed, CancellationToken cancel)
    {
        var report = ProbeReport.Of(sink, desired, observed);
        if (report is not ProbeResult.Succeeded)
            return report;
        var plan = ExportPlan.Of(sink, desired, observed, ProbeReport.Header);
        var body = Requests.Statement(
            plan.Job([], 0),
            ProbeReport.Statement(desired, observed, plan.SkipUnchanged),
            plan.WithRows(new SourceRows(), SnapshotCounts.Zero),
            plan.Settings,
            dryRun: true);
        var answer = await session.Jobs.CallAsync(token => session.Service.InsertJobAsync(desired.Table.Project, body, token), cancel);
        return BigQueryException.Unless(JobState.Read(answer)) is JobState.Failed failed ? throw new BigQueryException(failed.Fault) : report;
    }

    /// <summary>A dry run creates nothing, because there is no rollback.</summary>
    protected override async Task<Observed> CreateAsync(Session session, Observed observed, bool dryRun, CancellationToken cancel)
    {
        if (dryRun)
            return observed;
        var created = await session.Jobs.CreateAsync(token => session.Service.InsertTableAsync(desired.Table, Render.TableResource(desired), token), cancel);
        return await created.Match(
            resource => Task.FromResult(observed with { Table = BigQueryException.Unless(ObservedTable.Read(resource)) }),
            () => ObserveAsync(session, cancel));
    }

    protected override async IAsyncEnumerable<ViewPlan> MakeViewsAsync(
        Session session, Observed observed, Seq<TargetView> views, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var view in DesiredView.Over(sink, at, views))
        {
            var found = (await session.Jobs.FindAsync(token => session.Service.GetTableAsync(view.View, token), cancel))
                .Map(resource => BigQueryException.Unless(ObservedView.Read(resource)));
            yield return view.Planned(await MadeAsync(ViewDiff.Between(view, observed, found), _ => session.Jobs.CallAsync(
                token => found.IsSome
                    ? session.Service.PatchTableAsync(view.View, ViewRender.Resource(view), token)
                    : session.Service.InsertTableAsync(view.View, ViewRender.Resource(view), token),
                cancel)));
        }
    }

    protected override async Task<ExportResult> WriteAsync(Session session, Observed observed, ExportInput input, CancellationToken cancel)
    {
        var plan = ExportPlan.Of(sink, desired, observed, input.Header);
        foreach (var objection in plan.ObjectionToTime(clock.GetUtcNow()).ToSeq())
            return new ExportResult.Failed(objection);
        await using var export = new ExportRun(session, plan, input.Progress, clock);
        var read = await export.ReadAsync(input.Rows, cancel);
        return await read.MatchAsync(
            RightAsync: counts => input.DryRun ? export.CountAsync(counts, cancel) : export.MergeAsync(counts, cancel),
            Left: failure => new ExportResult.Failed(failure));
    }

    protected override async Task<Either<BasisLost, ExportResult>> WriteChangesAsync(
        Session session, Observed observed, SnapshotHeader header, SnapshotChanges changes, CancellationToken cancel)
    {
        var plan = ExportPlan.Of(sink, desired, observed, header);
        foreach (var objection in plan.ObjectionToTime(clock.GetUtcNow()).ToSeq())
            return new ExportResult.Failed(objection);
        return await DeltaPlan.Of(plan, changes.Basis).MatchAsync<Either<BasisLost, ExportResult>>(
            RightAsync: delta => DeltaRun.RunAsync(session, delta, changes, cancel),
            Left: lost => lost);
    }

    protected override async Task<Either<BasisLost, ExportResult>> WriteRepairsAsync(
        Session session, Observed observed, SnapshotHeader header, IHeldSnapshot held, CancellationToken cancel)
    {
        var plan = ExportPlan.Of(sink, desired, observed, header);
        if (observed.Table.IsNone)
            return new BasisLost($"{desired.Table} is missing");
        var look = await Observe.ScopeAsync(session.Jobs, plan, cancel);
        return look.Objection(held.Basis, held.Count, held.Rejected.Count)
            .Match<Either<BasisLost, ExportResult>>(lost => lost, () => ScopeLook.Exported(held.Basis, held.CountsOf(header) with { Items = held.Count }));
    }

    protected override Fault? FaultOf(Exception exception) => Faults.Of(exception);
}

/// <summary>A logged-in client of the service.</summary>
/// <param name="Service">Disposed with the session.</param>
/// <param name="Jobs">Sends requests with retries.</param>
/// <param name="Dataset">Facts of the first request, which logs in; the table is not read yet.</param>
internal sealed record Session(BigQueryService Service, Jobs Jobs, Observed Dataset) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        Service.Dispose();
        return ValueTask.CompletedTask;
    }
}
