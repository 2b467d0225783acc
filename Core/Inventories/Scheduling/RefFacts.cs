using System.Diagnostics;
using Kollect.Core.Collection;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>The facts about one (inventory, sink ref) at one moment.</summary>
/// <param name="Gate">Whether there is a snapshot to export.</param>
/// <param name="Checksum">Of its content; not read while the gate says <see cref="SnapshotGate.NotYet"/>.</param>
/// <param name="InventoryGeneration">Of the inventory's spec.</param>
/// <param name="Suspended"><c>spec.suspend</c> of the inventory.</param>
internal sealed record RefFacts(SnapshotGate Gate, string Checksum, long InventoryGeneration, bool Suspended, SinkAvailability Sink)
{
    /// <summary>See <see cref="ExportBasis.IsRequested"/>.</summary>
    public bool IsExportRequested { get; init; }

    /// <summary>True = no export is possible because something is not known yet.</summary>
    public bool IsWaiting => !Suspended && (Sink is SinkAvailability.NotYet or SinkAvailability.Usable) && Basis.IsLeft;

    /// <summary>The basis of an export. Left = the reason why no export is possible until something changes.</summary>
    public Either<string, ExportBasis> Basis => (Suspended, Sink, Gate) switch
    {
        (true, _, _) => Left<string, ExportBasis>("the inventory is suspended"),
        (_, SinkAvailability.NotYet, _) => Left<string, ExportBasis>("the sink has not been looked at yet"),
        (_, SinkAvailability.Missing, _) => Left<string, ExportBasis>("the sink does not exist"),
        (_, SinkAvailability.Invalid it, _) => Left<string, ExportBasis>($"the sink is invalid: {it.Why}"),
        (_, SinkAvailability.Denied it, _) => Left<string, ExportBasis>($"the sink is denied: {it.Why}"),
        (_, _, SnapshotGate.NotYet it) => Left<string, ExportBasis>(it.Why),
        (_, SinkAvailability.Usable it, _) =>
            Right<string, ExportBasis>(new ExportBasis(Checksum, Gate is SnapshotGate.Complete, InventoryGeneration, it.Version, it.Location)
            {
                IsRequested = IsExportRequested,
            }),
        _ => throw new UnreachableException(),
    };
}
