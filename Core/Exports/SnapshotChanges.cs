using Kollect.Core.Snapshots;

namespace Kollect.Core.Exports;

/// <summary>The difference between the snapshot that a destination holds and the one of the header.</summary>
/// <param name="Basis">The snapshot that the destination holds.</param>
/// <param name="Changed">New and changed items, each identity once. May be enumerated several times.</param>
/// <param name="Removed">
/// Identities that are not in the snapshot any more, each once and none that is in <paramref name="Changed"/>; empty if the header is incomplete.
/// </param>
internal sealed record SnapshotChanges(Fence Basis, IEnumerable<RowOrRejection> Changed, IReadOnlyCollection<RowIdentity> Removed)
{
    /// <summary>Items of both snapshots that cannot be stored, neither before nor now; none of them is in <see cref="Changed"/>.</summary>
    public RejectedItems Rejected { get; init; } = RejectedItems.None;

    /// <summary>The counts before the first changed item.</summary>
    /// <param name="header">Of the snapshot.</param>
    public SnapshotCounts CountsOf(SnapshotHeader header) => SnapshotCounts.Of(header).Add(Rejected);
}
