using Kollect.Core.Collection;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Exports;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>An inventory and all facts that a decision depends on, read at one moment.</summary>
/// <param name="Object">Its status is the one of the last write.</param>
/// <param name="Gate">Whether there is a snapshot to export.</param>
/// <param name="Content">Its items; not read while the gate says <see cref="SnapshotGate.NotYet"/>.</param>
/// <param name="Sinks">One for each of <see cref="InventoryState.SinksInUse"/>; a missing one counts as <see cref="SinkObservation.NotYet"/>.</param>
/// <param name="Completed">Exports and removals that have ended since the last decision, in their order.</param>
internal sealed record InventoryObservation(
    InventoryObject Object, SnapshotGate Gate, SnapshotContent Content, HashMap<SinkName, SinkObservation> Sinks, Seq<Completion> Completed)
{
    /// <summary>The sink of the last export to a location by this process, with its settings then; the Secrets of that export are held beside it.</summary>
    public HashMap<RowLocation, Sink> Held { get; init; } = HashMap<RowLocation, Sink>();

    /// <summary>What limits the sinks and the intervals of the inventory.</summary>
    public ScopesInForce Scopes { get; init; } = ScopesInForce.None;

    /// <summary>
    /// Of <see cref="InventoryState.NamespacesInUse"/> those that are being deleted, or do not exist: nothing can be created there. Read only for an
    /// inventory that is being deleted.
    /// </summary>
    public Seq<string> EndingNamespaces { get; init; } = Empty;

    internal SinkObservation Sink(SinkName name) => Sinks.Find(name).IfNone(() => new SinkObservation.NotYet());
}

/// <summary>The end of an export or removal that a decision started. Each start ends in one of these. Closed.</summary>
internal abstract record Completion
{
    private Completion() { }

    /// <summary>An export ended by itself.</summary>
    /// <param name="InFull">True = the destination did not hold the basis of the attempt, and everything was exported.</param>
    public sealed record Export(SinkName Sink, ExportResult Result, bool InFull = false) : Completion;

    /// <summary>An export of <see cref="ExportStart.ProbesOnly"/> can begin: the destination has everything that it needs.</summary>
    public sealed record Probe(SinkName Sink) : Completion;

    /// <summary>The operator cancelled an export or did not start it.</summary>
    public sealed record ExportCancelled(SinkName Sink) : Completion;

    /// <summary>A removal ended by itself or at its limit.</summary>
    public sealed record Removal(RowLocation Location, RemovalResult Result) : Completion;

    /// <summary>The operator cancelled a removal or did not start it.</summary>
    public sealed record RemovalCancelled(RowLocation Location) : Completion;
}
