using System.Diagnostics;

namespace Kollect.Core.Scheduling;

/// <summary>What is seen of one (inventory, sink ref) when it is looked at.</summary>
/// <param name="Gate">Whether there is a snapshot to export.</param>
/// <param name="Checksum">Of its content; not read while the gate says <see cref="SnapshotGate.NotYet"/>.</param>
/// <param name="InventoryGeneration">Of the inventory's spec.</param>
/// <param name="Suspended"><c>spec.suspend</c> of the inventory.</param>
/// <param name="Sink">What stands behind the ref.</param>
public sealed record RefFacts(SnapshotGate Gate, string Checksum, long InventoryGeneration, bool Suspended, SinkLook Sink)
{
    /// <summary>What an export would be made of. Left = there can be none until something changes, and why.</summary>
    public Either<string, ExportBasis> Basis => (Suspended, Sink, Gate) switch
    {
        (true, _, _) => Left<string, ExportBasis>("the inventory is suspended"),
        (_, SinkLook.Missing, _) => Left<string, ExportBasis>("the sink does not exist"),
        (_, SinkLook.Invalid it, _) => Left<string, ExportBasis>($"the sink is invalid: {it.Why}"),
        (_, _, SnapshotGate.NotYet it) => Left<string, ExportBasis>(it.Why),
        (_, SinkLook.Usable it, _) => Right<string, ExportBasis>(new ExportBasis(Checksum, Gate is SnapshotGate.Complete, InventoryGeneration, it.Version, it.Place)),
        _ => throw new UnreachableException(),
    };
}

/// <summary>What a look at a sink found. Closed.</summary>
public abstract record SinkLook
{
    private SinkLook() { }

    /// <summary>There is none of this name.</summary>
    public sealed record Missing : SinkLook;

    /// <summary>Its spec is refused, or gives no table for this inventory.</summary>
    /// <param name="Why">One line.</param>
    public sealed record Invalid(string Why) : SinkLook;

    /// <summary>An export can be tried.</summary>
    /// <param name="Version">Of the sink and its Secrets.</param>
    /// <param name="Place">Where the rows go.</param>
    /// <param name="Ready">
    /// Its condition Ready is True. A sink that is not ready is tried all the same, for an export is a better test than a probe; one that turns ready
    /// ends the wait after a failure.
    /// </param>
    public sealed record Usable(SinkVersion Version, Place Place, bool Ready) : SinkLook;
}
