using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.MongoDb;

/// <summary>A MongoDB sink, ready to connect.</summary>
/// <param name="redactor">Masks every part of the connection that must not be shown.</param>
internal sealed class MongoDbDestination(MongoDbSink sink, TableLocation at, ConnectionFactory connect, Redactor redactor)
    : Destination<Connection, Observed>(Errors.Table, redactor)
{
    private readonly Desired desired = Plan.Desire(sink, at);
    private readonly ServerConnections bounds = new();

    /// <inheritdoc/>
    public override RowLimits Limits => Core.Backends.MongoDb.Limits.Instance;

    protected override Task<Connection> OpenAsync(CancellationToken cancel) => connect.OpenAsync(bounds, cancel);

    protected override Task<Observed> ObserveAsync(Connection connection, CancellationToken cancel) =>
        Observe.DestinationAsync(connection, desired.Collection, cancel);

    protected override ProvisioningPlan Provision(Observed observed) => Plan.Provision(desired, observed);

    protected override PlanResult.Planned Describe(Observed observed) =>
        new(Provision(observed), Plan.Preview(sink, desired, observed), observed.Collection.IsSome);

    protected override Task<ProbeResult> ProbeAsync(Connection connection, Observed observed, CancellationToken cancel) =>
        Task.FromResult(ProbeReport.Of(sink, desired, observed));

    /// <summary>A dry run creates nothing, because there is no rollback.</summary>
    protected override async Task<Observed> CreateAsync(Connection connection, Observed observed, bool dryRun, CancellationToken cancel)
    {
        var changes = dryRun ? Empty : Diff.Between(desired, observed).Match(changes => changes, _ => Empty);
        foreach (var change in changes)
            try
            {
                await connection.Server.CommandAsync(desired.Collection.Database, Commands.Create(change), cancel);
            }
            catch (MongoDbException answer) when (Commands.IsAlreadyThere(change, answer.Fault))
            {
                // Another exporter does the same at the same time.
            }

        return observed;
    }

    protected override async Task<ExportResult> WriteAsync(Connection connection, Observed observed, ExportInput input, CancellationToken cancel)
    {
        var server = connection.Server;
        var plan = ExportPlan.Of(sink, desired, input.Header);
        var before = await Observe.ScopeAsync(server, plan, cancel);
        var decided = plan.Decide(before);
        if (decided is WriteDecision.Superseded superseded)
            return new ExportResult.Superseded(input.Header.ExportedAt, superseded.Held);
        var documents = ((WriteDecision.Write)decided).Documents;
        if (input.DryRun)
            return new ExportResult.DryRun(await new DryRunExport(server, plan, documents).RunAsync(input.Rows, cancel));

        using var export = new ExportRun(server, plan, documents, input.Progress);
        var read = await export.ReadAsync(input.Rows, cancel);
        await export.UpsertAsync(read, cancel);
        var (now, deleted, ending) = await export.ConcludeAsync(before, read, cancel);
        switch (ending)
        {
            case Ending.Exact exact:
                if (exact.NeedsTouch)
                    await export.TouchAsync(cancel);
                return new ExportResult.Exported(plan.Tally(read, export.Identities, export.Counts, before, now, deleted));
            case Ending.Overtaken overtaken:
                if (overtaken.TakesBack)
                    await export.TakeBackAsync(cancel);
                return overtaken.Result(input.Header.ExportedAt);
            case Ending.Miscounted miscounted:
                return new ExportResult.Failed(miscounted.Failure);
            case Ending.Contended contended:
                throw new MongoDbException(contended.Why.Fault, "the server refused a row twice");
            default:
                throw new UnreachableException();
        }
    }

    protected override void Disconnect() => bounds.Close();

    protected override Fault? FaultOf(Exception exception) => exception is MongoDbException known ? bounds.Exceeded ?? known.Fault : null;
}
