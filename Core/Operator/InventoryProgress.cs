using System.Diagnostics;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>State and circuit breakers after the end of exports and removals.</summary>
internal sealed record InventoryProgress(InventoryState State, SinkBreakers Breakers)
{
    public InventoryProgress After(Completion end, InventoryName inventory, DateTimeOffset now, double jitter) => end switch
    {
        Completion.Export it => OfExport(
            it.Sink,
            (state, _) => state.After(it.Result, now, jitter, it.InFull),
            (breaker, run) => breaker.After(run.Of.Sink, inventory, it.Result, now, jitter)),
        Completion.Probe it => OfExport(it.Sink, (state, _) => state.AfterProbe(now), (breaker, run) => breaker.Answered(run.Of.Sink)),
        Completion.ExportCancelled it => OfExport(it.Sink, (state, _) => state.Abandoned(), (breaker, _) => breaker.Abandoned(inventory, now)),
        Completion.Removal it => (it.Result is RemovalResult.Removed ? Without(it.Location) : this)
            .OfRemoval(it.Location, cleanup => cleanup.After(it.Result, now, jitter)),
        Completion.RemovalCancelled it => OfRemoval(it.Location, cleanup => cleanup),
        _ => throw new UnreachableException(),
    };

    public SinkExportState Of(SinkName sink) => State.Refs.Find(sink).IfNone(SinkExportState.Initial);

    private InventoryProgress OfExport(
        SinkName sink, Func<SinkExportState, ExportAttempt, SinkExportState> change, Func<CircuitBreaker, ExportAttempt, CircuitBreaker> changeBreaker) =>
        Of(sink).Running.Match(
            run => new InventoryProgress(
                State with { Refs = State.Refs.AddOrUpdate(sink, change(Of(sink), run)) },
                Breakers.With(sink, changeBreaker(Breakers.Find(sink).IfNone(() => CircuitBreaker.New(run.Of.Sink)), run))),
            () => this);

    /// <summary>The location is used again, but its rows were removed: they are exported anew.</summary>
    private InventoryProgress Without(RowLocation location) => this with
    {
        State = State with
        {
            Refs = State.Refs.Map(it => it.LastSuccess.Exists(success => success.Of.Location == location) ? it with { LastSuccess = None } : it),
        },
    };

    private InventoryProgress OfRemoval(RowLocation location, Func<RowCleanup, RowCleanup> change) => this with
    {
        State = State with
        {
            Removing = State.Removing.Filter(it => it != location).Strict(),
            Cleanups = State.Cleanups.Map(it => it.Location == location ? change(it) : it).Strict(),
        },
    };
}
