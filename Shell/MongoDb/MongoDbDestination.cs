using System.Diagnostics;
using System.Runtime.CompilerServices;
using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Views;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Core.Views;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;

namespace Kollect.MongoDb;

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
        Observe.DestinationAsync(connection, desired, cancel);

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
            catch (MongoDbException answer) when (Commands.MayFail(change, answer.Fault))
            {
                // Another exporter does the same at the same time, or exports work without it.
            }

        return changes.IsEmpty ? observed : await ObserveAsync(connection, cancel);
    }

    protected override async IAsyncEnumerable<ViewPlan> MakeViewsAsync(
        Connection connection, Observed observed, Seq<TargetView> views, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var view in DesiredView.Over(sink, at, views))
        {
            var found = await Observe.ViewAsync(connection.Server, view.View, cancel);
            yield return view.Planned(await MadeAsync(
                ViewDiff.Between(view, found), _ => connection.Server.CommandAsync(view.View.Database, ViewRender.Bson(view, replaces: found.IsSome), cancel)));
        }
    }

    protected override async Task<ExportResult> WriteAsync(Connection connection, Observed observed, ExportInput input, CancellationToken cancel)
    {
        var server = connection.Server;
        var plan = ExportPlan.Of(sink, desired, observed, input.Header);
        var ledger = await LedgerAsync(server, plan, cancel);
        var before = await Observe.ScopeAsync(server, plan, cancel);
        var decided = plan.Decide(before, ledger?.Newest ?? None);
        if (decided is WriteDecision.Superseded superseded)
        {
            if (!input.DryRun)
                await (ledger?.RefusedAsync(superseded.Why, cancel) ?? Task.CompletedTask);
            return new ExportResult.Superseded(input.Header.ExportedAt, superseded.Held);
        }

        var documents = ((WriteDecision.Write)decided).Documents;
        if (input.DryRun)
            return new ExportResult.DryRun(await new DryRunExport(server, plan, documents).RunAsync(input.Rows, cancel));

        using var export = new ExportRun(server, plan, documents, input.Progress);
        var read = await export.ReadAsync(input.Rows, cancel);
        await (ledger?.BeginAsync(unlessWriting: false, cancel) ?? Task.CompletedTask);
        await export.UpsertAsync(read, cancel);
        var allDeleted = 0L;
        for (var entries = 1; ; entries++)
        {
            var (now, deleted, ending) = await export.ConcludeAsync(before, read, cancel);
            allDeleted += deleted;
            if (ending is not Ending.Exact exact)
            {
                await (ledger?.DistrustAsync(cancel) ?? Task.CompletedTask);
                return await BreakOffAsync(export, ending, input.Header.ExportedAt, cancel);
            }

            if (exact.NeedsTouch)
                await export.TouchAsync(cancel);
            var outcome = plan.Tally(read, export.Identities, export.Counts, before, now, allDeleted);
            if (ledger is null)
                return new ExportResult.Exported(outcome);
            outcome = await ledger.TakenFromAsync(outcome, scope => Observe.RowsAsync(server, plan, scope, cancel), cancel);
            if (await ledger.EndAsync(outcome, read.ShowsWhatIsStale, now.Rows, isDifference: false, cancel) is { } entry)
                return new ExportResult.Exported(outcome) { Fence = entry.Fence };
            if (!plan.MayEnterAgain(entries))
                return new ExportResult.Failed(Ending.LostRace);
            ledger = await ledger.AgainAsync(cancel);
            if (plan.Decide(now, ledger.Newest) is WriteDecision.Superseded late)
                return new ExportResult.Superseded(input.Header.ExportedAt, late.Held);
        }
    }

    protected override Task<Either<BasisLost, ExportResult>> WriteChangesAsync(
        Connection connection, Observed observed, SnapshotHeader header, SnapshotChanges changes, CancellationToken cancel) =>
        OnLedgerAsync(connection.Server, observed, header, changes.Basis, it => it.WriteAsync(changes, cancel), cancel);

    protected override Task<Either<BasisLost, ExportResult>> WriteRepairsAsync(
        Connection connection, Observed observed, SnapshotHeader header, IHeldSnapshot held, CancellationToken cancel)
    {
        var known = header with { Content = header.Content | new ContentStamp(held.Basis.Checksum, held.Count) };
        return OnLedgerAsync(connection.Server, observed, known, held.Basis, it => it.RepairAsync(held, cancel), cancel);
    }

    private async Task<Either<BasisLost, ExportResult>> OnLedgerAsync(
        IMongoDb server,
        Observed observed,
        SnapshotHeader header,
        Fence basis,
        Func<OnLedger, Task<Either<BasisLost, ExportResult>>> write,
        CancellationToken cancel)
    {
        if (Provision(observed) is not ProvisioningPlan.Ready { Statements.IsEmpty: true })
            return new BasisLost("the destination is not as an export leaves it");
        var plan = ExportPlan.Of(sink, desired, observed, header);
        if (await LedgerAsync(server, plan, cancel) is not { } ledger)
            return new BasisLost("there is no ledger");
        if (ledger.Newest.MatchUnsafe<LedgerEntry?>(it => it, () => null) is not { } entry)
            return new BasisLost("the ledger has no entry of the inventory");
        foreach (var lost in entry.Lacks(basis, header.ExportedAt).AsEnumerable())
            return lost;
        return await write(new OnLedger(server, plan, ledger, entry));
    }

    /// <summary>Null = exports work without a ledger.</summary>
    private async Task<LedgerRun?> LedgerAsync(IMongoDb server, ExportPlan plan, CancellationToken cancel) =>
        plan.Ledger.MatchUnsafe<Ledger?>(it => it, () => null) is { } ledger
            ? await LedgerRun.OpenAsync(server, ledger, sink.Settings.Ledger, plan.Header, cancel)
            : null;

    private static async Task<ExportResult> BreakOffAsync(ExportRun export, Ending ending, DateTimeOffset offered, CancellationToken cancel)
    {
        switch (ending)
        {
            case Ending.Overtaken overtaken:
                if (overtaken.TakesBack)
                    await export.TakeBackAsync(cancel);
                return overtaken.Result(offered);
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
