using Kollect.Core.Inventories;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Operator;

/// <summary>One ref of an inventory, looked at.</summary>
/// <param name="Sink">To which it leads.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Report">For the status; its memory is that after the look.</param>
/// <param name="Breaker">Of the sink, after the look.</param>
/// <param name="Decision">What to do.</param>
/// <param name="Start">None = no export begins.</param>
internal sealed record SinkExportDecision(SinkName Sink, SinkAvailability Found, RefReport Report, CircuitBreaker Breaker, ExportDecision Decision, Option<ExportStart> Start)
{
    public SinkExportState State => Report.State;

    /// <summary>Where its rows go; None = not known.</summary>
    public Option<RowLocation> Location => Found is SinkAvailability.Usable it ? it.Location : Option<RowLocation>.None;

    /// <summary>For what becomes of rows elsewhere.</summary>
    public WantedRef Wanted => new(Sink, Location, State.LastSuccess.Exists(success => Location.Exists(location => location == success.Of.Location)));

    /// <summary>What it exports was made for a sink that looks otherwise now.</summary>
    public bool RunsForNothing => State.Running.Exists(run =>
        Found is SinkAvailability.Missing or SinkAvailability.Invalid || (Found is SinkAvailability.Usable it && (it.Version != run.Of.Sink || it.Location != run.Of.Location)));

    /// <summary>No export runs or begins, and none is about to for something that has changed.</summary>
    public bool IsAtRest => State.Running.IsNone && State.Window.IsNone;

    /// <summary>None = something must change, or end.</summary>
    public Option<DateTimeOffset> Next => Decision is ExportDecision.WaitUntil it ? it.Time : Option<DateTimeOffset>.None;

    public static SinkExportDecision Of(SinkRef wanted, InventoryDecider look, InventoryProgress ended, InventorySettings inventory)
    {
        var (seen, name) = (look.Seen, new SinkName(wanted.Namespace, wanted.Name));
        var generation = seen.Object.Metadata.Generation ?? 0;
        var found = SinkAvailabilities.Of(name, seen.Sinks(name), seen.Object.Name);
        var facts = new RefFacts(seen.Gate, seen.Content.Checksum, generation, inventory.IsSuspended, found);
        var version = found is SinkAvailability.Usable usable ? usable.Version : new SinkVersion(0, "");
        var breaker = ended.Breakers.Of(name, version);
        var interval = ExportInterval.Of(
            wanted.ExportMinInterval,
            found is SinkAvailability.Usable it ? it.Sink.Settings.ExportMinInterval : None,
            inventory.ExportMinInterval);

        var (decision, state) = ExportSchedule.Decide(ended.Of(name), facts, interval, breaker, look.Now, look.Jitter);
        return (decision, found) switch
        {
            (ExportDecision.ExportNow now, SinkAvailability.Usable sink) when !ended.State.Removing.Exists(location => location == sink.Location) =>
                Starting(name, sink, now, facts, state, breaker, look),
            _ => new SinkExportDecision(name, found, new RefReport(name, RefSituation.Of(facts, state, breaker), state), breaker, decision, None),
        };
    }

    private static SinkExportDecision Starting(
        SinkName name, SinkAvailability.Usable sink, ExportDecision.ExportNow decision, RefFacts facts, SinkExportState state, CircuitBreaker breaker, InventoryDecider look)
    {
        var inventory = look.Seen.Object.Name;
        var started = state.Starting(decision.Basis, look.Now);
        var trial = breaker.Starting(inventory, look.Now);
        var header = new SnapshotHeader(
            new Scope(inventory.Namespace, inventory.Name, sink.Location.At.Cluster),
            started.Running.Match(run => run.SnapshotTime, () => look.Now),
            decision.Basis.InventoryGeneration,
            decision.Basis.Complete);
        var export = new ExportStart(name, sink.Location, sink.Sink, header, state.LastFailure.IsSome, decision.Why);
        return new SinkExportDecision(name, sink, new RefReport(name, RefSituation.Of(facts, started, trial), started), trial, decision, export);
    }
}
