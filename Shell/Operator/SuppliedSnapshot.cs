using Kollect.Core.Collection;
using Kollect.Operator.Collection;

namespace Kollect.Operator;

/// <summary>The items of one inventory at one moment, and what may be done with them.</summary>
public sealed class SuppliedSnapshot
{
    private SuppliedSnapshot(SnapshotGate gate, SnapshotContent content) => Snapshot = new InventorySnapshot(gate, content);

    internal InventorySnapshot Snapshot { get; }

    /// <summary>Nothing is exported yet, and no row is removed.</summary>
    /// <param name="why">One line for the status.</param>
    public static SuppliedSnapshot NotYet(string why) => new(new SnapshotGate.NotYet(why), SnapshotContent.Nothing);

    /// <summary>The rows become exactly these items.</summary>
    /// <param name="items">In any order; of items with the same target and uid the last one counts.</param>
    public static SuppliedSnapshot Complete(IEnumerable<SuppliedItem> items) => new(new SnapshotGate.Complete(), ContentOf(items));

    /// <summary>The items are written, and no row is deleted.</summary>
    /// <param name="why">What is missing, in one line for the status.</param>
    /// <param name="items">In any order; of items with the same target and uid the last one counts.</param>
    public static SuppliedSnapshot Incomplete(string why, IEnumerable<SuppliedItem> items) =>
        new(new SnapshotGate.Incomplete(why, IncompleteCause.Trouble), ContentOf(items));

    private static SnapshotContent ContentOf(IEnumerable<SuppliedItem> items) => SnapshotContent.Of(
        items.Select(static item => new CollectedItem(item.Target, item.Uid, item.Namespace, item.Json.ToArray())), Dedupe.KeepAll);
}
