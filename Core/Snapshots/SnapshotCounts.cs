using System.Diagnostics;

namespace Kollect.Core.Snapshots;

/// <summary>What was read of a snapshot, counted while it streamed through.</summary>
/// <param name="Items">Elements without skipped ones.</param>
/// <param name="Rejected">Items that cannot be stored.</param>
/// <param name="Unidentified">Those among them whose identity is unknown.</param>
/// <param name="Skipped">Elements left out on purpose.</param>
/// <param name="Sanitized">Items in which a character was replaced.</param>
/// <param name="Bytes">Payload bytes of storable items.</param>
/// <param name="Rejections">The first <see cref="MaxRejections"/>, in words.</param>
public sealed record SnapshotCounts(
    long Items, long Rejected, long Unidentified, long Skipped, long Sanitized, long Bytes, Seq<string> Rejections)
{
    /// <summary>How many rejected items are named; the rest is only counted.</summary>
    public const int MaxRejections = 20;

    /// <summary>Nothing read yet of a complete snapshot.</summary>
    public static SnapshotCounts Zero { get; } = new(0, 0, 0, 0, 0, 0, Empty);

    /// <summary><see cref="SnapshotHeader.IsComplete"/>.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>Nothing read yet.</summary>
    public static SnapshotCounts Of(SnapshotHeader header) => Zero with { IsComplete = header.IsComplete };

    /// <summary>
    /// False when something was not looked at, or an item could not be identified: its old row must be kept, and it may be any of those that look stale.
    /// </summary>
    public bool ShowsWhatIsStale => IsComplete && Unidentified == 0;

    /// <summary>The counts with one element more.</summary>
    public SnapshotCounts Add(RowOrRejection element) => element switch
    {
        RowOrRejection.Accepted { Row: var row } => this with
        {
            Items = Items + 1,
            Sanitized = Sanitized + (row.Sanitized > 0 ? 1 : 0),
            Bytes = Bytes + row.Payload.Length,
        },
        RowOrRejection.Rejected it => this with
        {
            Items = Items + 1,
            Rejected = Rejected + 1,
            Unidentified = Unidentified + (it.Identity.IsNone ? 1 : 0),
            Rejections = Rejections.Count < MaxRejections ? Rejections.Add($"{it.Label}: {it.Reason}") : Rejections,
        },
        RowOrRejection.Skipped => this with { Skipped = Skipped + 1 },
        _ => throw new UnreachableException(),
    };
}
