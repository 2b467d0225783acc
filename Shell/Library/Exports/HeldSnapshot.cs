using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Exports;

/// <summary>A snapshot in memory as a destination should hold it.</summary>
/// <param name="rejected">Items that cannot be stored.</param>
/// <param name="rules">Of its items.</param>
internal sealed class HeldSnapshot(SnapshotContent content, Fence basis, RejectedItems rejected, ItemRules rules) : IHeldSnapshot
{
    public Fence Basis => basis;

    public long Count => content.Count;

    public IEnumerable<RowIdentity> Identities => content.Items.Select(item => new RowIdentity(item.TargetName, item.Uid));

    public RejectedItems Rejected => rejected;

    public Option<RowOrRejection> Find(RowIdentity identity) =>
        content.Find(identity.TargetName, identity.SourceUid).Map(item => ItemReader.Read(item.Json, rules, 1));
}
