using Kollect.Core.Collection.Scopes;
using Kollect.Core.Inventories;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Operator;

/// <summary>The decision about one ref of an inventory.</summary>
/// <param name="Found">Its availability for the inventory.</param>
/// <param name="Report">For the status; its state is that after the decision.</param>
/// <param name="Breaker">Of the sink, after the decision.</param>
/// <param name="Start">None = no export begins.</param>
internal sealed record SinkExportDecision(
    SinkName Sink, SinkAvailability Found, RefReport Report, CircuitBreaker Breaker, ExportDecision Decision, Option<ExportStart> Start)
{
    /// <summary>The location that an export needs in the status: it begins, or as soon as the sink is protected. None = none is needed.</summary>
    public Option<RowLocation> Named { get; private init; } = None;

    public SinkExportState State => Report.State;

    /// <summary>The location of its rows; None = unknown.</summary>
    public Option<RowLocation> Location => Found is SinkAvailability.Usable it ? it.Location : Option<RowLocation>.None;

    /// <summary>The ref, for the decision about orphaned rows.</summary>
    public WantedRef Wanted => new(Sink, Location, State.LastSuccess.Exists(success => Location.Exists(location => location == success.Of.Location)));

    /// <summary>True = the export that a user has asked for is done.</summary>
    public bool HasMetRequest => State.LastFailure.IsNone && State.Running.IsNone && State.LastSuccess.Exists(success => success.Of.IsRequested);

    /// <summary>True = the sink has changed since the running export was started.</summary>
    public bool RunsForNothing => State.Running.Exists(run =>
        Found is SinkAvailability.Missing or SinkAvailability.Invalid or SinkAvailability.Denied
        || (Found is SinkAvailability.Usable it && (it.Version != run.Of.Sink || it.Location != run.Of.Location)));

    /// <summary>True = no export runs or begins, and none is due because of a change.</summary>
    public bool IsAtRest => State.Running.IsNone && State.Window.IsNone;

    /// <summary>The time of the next decision; None = when something changes or ends.</summary>
    public Option<DateTimeOffset> Next => Decision is ExportDecision.WaitUntil it ? it.Time : Option<DateTimeOffset>.None;

    public static SinkExportDecision Of(SinkRef wanted, InventoryDecider decider, InventoryProgress progress, InventorySettings inventory)
    {
        var (observed, name) = (decider.Observed, new SinkName(wanted.Namespace, wanted.Name));
        var generation = observed.Object.Metadata.Generation ?? 0;
        var found = AvailabilityOf(name, decider, progress);
        var facts = new RefFacts(observed.Gate, observed.Content.Checksum, generation, inventory.IsSuspended, found)
        {
            IsExportRequested = observed.Object.IsExportRequested,
        };
        var version = found is SinkAvailability.Usable usable ? usable.Version : new SinkVersion(0, "");
        var breaker = progress.Breakers.Of(name, version);
        var interval = ExportInterval.Of(
            wanted.ExportMinInterval,
            found is SinkAvailability.Usable it ? it.Sink.Settings.ExportMinInterval : None,
            inventory.ExportMinInterval).AtLeast(observed.Scopes.MinExportInterval);

        var (decision, state) = ExportSchedule.Decide(progress.Of(name), facts, interval, breaker, decider.Now, decider.Jitter);
        var waits = new SinkExportDecision(name, found, Reported(state, breaker), breaker, decision, None);
        if (decision is not ExportDecision.ExportNow now || found is not SinkAvailability.Usable sink
            || progress.State.Removing.Exists(location => location == sink.Location))
            return waits;
        if (!IsNamed(sink.Location, progress) && state.Probed != sink.Location)
            return Started(probesOnly: true);
        return observed.Sink(name) is SinkObservation.Present there && SinkProtection.AllowsWrites(there.Sink)
            ? Started(probesOnly: false) with { Named = sink.Location }
            : waits with { Named = sink.Location };

        SinkExportDecision Started(bool probesOnly) =>
            SinkExportDecision.Started(
                name, sink, now, Reported, state, breaker, ExportMethod.Of(state, now.Basis, interval, decider.Now), probesOnly, decider);

        RefReport Reported(SinkExportState after, CircuitBreaker circuit) => new(name, RefSituation.Of(facts, after, circuit, interval, decider.Now), after)
        {
            NextExport = facts.Suspended || found is SinkAvailability.Missing or SinkAvailability.Invalid ? None : after.NextExport(interval),
        };
    }

    /// <summary>A sink that a scope denies is not used, whether it exists or not.</summary>
    private static SinkAvailability AvailabilityOf(SinkName name, InventoryDecider decider, InventoryProgress progress)
    {
        var (scopes, inventory) = (decider.Observed.Scopes, decider.Observed.Object.Name);
        var refNamespace = inventory.Namespace == Scope.ClusterInventories ? Some(name.Namespace) : None;
        return scopes is ScopesInForce.Asking ? new SinkAvailability.NotYet()
            : scopes.OfSink("spec.databaseSinkRefs", name.Name, refNamespace) is { IsEmpty: false } denied
                ? new SinkAvailability.Denied(denied.Head.Id, $"{Condition.Summary("denial", denied)}; the rows stay as they are")
            : Existing(name, decider, progress);
    }

    /// <summary>A sink that is being deleted serves the inventories that have rows there, and no other.</summary>
    private static SinkAvailability Existing(SinkName name, InventoryDecider decider, InventoryProgress progress)
    {
        var observed = decider.Observed.Sink(name);
        var found = observed.AvailabilityFor(name, decider.Observed.Object.Name);
        return observed is SinkObservation.Present { Sink.Metadata.DeletionTimestamp: not null }
            && found is SinkAvailability.Usable it && !IsNamed(it.Location, progress)
            ? new SinkAvailability.Invalid("the sink is being deleted, and only inventories with rows there still use it; name another sink")
            : found;
    }

    private static bool IsNamed(RowLocation location, InventoryProgress progress) => progress.State.Status.Locations.Exists(it => it == location);

    private static SinkExportDecision Started(
        SinkName name,
        SinkAvailability.Usable sink,
        ExportDecision.ExportNow decision,
        Func<SinkExportState, CircuitBreaker, RefReport> report,
        SinkExportState state,
        CircuitBreaker breaker,
        ExportMethod method,
        bool probesOnly,
        InventoryDecider decider)
    {
        var inventory = decider.Observed.Object.Name;
        var content = decider.Observed.Content;
        var started = state.Started(decision.Basis, method, content, decider.Now);
        var trial = breaker.Started(inventory, decider.Now);
        var header = new SnapshotHeader(
            new Scope(inventory.Namespace, inventory.Name, sink.Location.At.Cluster),
            started.Running.Match(run => run.SnapshotTime, () => decider.Now),
            decision.Basis.InventoryGeneration,
            decision.Basis.Complete)
        {
            Content = new ContentStamp(content.Checksum, content.Count),
        };
        var export = new ExportStart(name, sink.Location, sink.Sink, sink.Version, header, method, state.LastFailure.IsSome, probesOnly, decision.Why);
        return new SinkExportDecision(name, sink, report(started, trial), trial, decision, export);
    }
}
