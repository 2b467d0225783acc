using Kollect.Core.Collection;
using Kollect.Core.Inventories;

namespace Kollect.Operator.Collection;

/// <summary>
/// The source of the snapshots of inventories. An implementation decides how objects are collected; when and where they are exported, what the status
/// says and which rows are removed is decided from what <see cref="Observe"/> gives.
/// </summary>
internal interface IInventorySource
{
    /// <summary>Collects until cancelled: one term of leadership. The items of an earlier term are not used.</summary>
    /// <param name="changed">
    /// To be called with an <see cref="Inventory.RowNamespace"/> whenever its inventories may have other content, or another gate; from any thread, and not
    /// more than a hundred times a second, for all of them are then reconciled.
    /// </param>
    Task RunAsync(Action<string> changed, CancellationToken cancel);

    /// <summary>
    /// The content that is held for an inventory now. Makes no request and does not wait; <see cref="SnapshotGate.NotYet"/> before a term begins.
    /// </summary>
    InventorySnapshot Observe(Inventory inventory);

    /// <summary>
    /// Called when this replica has taken or left a part of the work, and when other inventories belong to its part. A source need not collect for others,
    /// and writes the statuses of its own objects alone.
    /// </summary>
    /// <param name="share">Its answers may change until the next call.</param>
    void Hold(WorkShare share)
    {
    }
}

/// <summary>The part of the work that one replica does.</summary>
/// <param name="Owns">Whether this replica writes the status of the object with this uid; two replicas answer so for a moment at most.</param>
/// <param name="Inventories">The valid inventories that this replica exports, as they are when it is called.</param>
internal sealed record WorkShare(Func<string, bool> Owns, Func<IEnumerable<Inventory>> Inventories)
{
    /// <summary>One replica does everything.</summary>
    public static WorkShare Whole { get; } = new(static _ => true, static () => []);
}

/// <summary>The items of one inventory at one moment.</summary>
/// <param name="Gate">Whether it may be exported, and whether what it lacks may be deleted.</param>
/// <param name="Content">Of one moment; stays as it is while collecting goes on. Of no meaning with <see cref="SnapshotGate.NotYet"/>.</param>
internal sealed record InventorySnapshot(SnapshotGate Gate, SnapshotContent Content)
{
    /// <summary>Nothing was collected.</summary>
    public static InventorySnapshot None { get; } = new(new SnapshotGate.NotYet("nothing has been collected yet"), SnapshotContent.Nothing);
}
