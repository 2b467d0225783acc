using System.Diagnostics;
using System.Globalization;

namespace Kollect.Core.Snapshots;

/// <summary>The numbers of elements of a snapshot, counted while it is streamed.</summary>
/// <param name="Items">All elements except skipped ones.</param>
/// <param name="Rejected">Items that cannot be stored.</param>
/// <param name="Unidentified">Rejected items whose identity is unknown.</param>
/// <param name="Skipped">Elements that are omitted on purpose.</param>
/// <param name="Sanitized">Items in which at least one character was replaced.</param>
/// <param name="Bytes">The sum of the payloads of accepted items, in bytes.</param>
/// <param name="Rejections">The messages of the first <see cref="MaxRejections"/> rejected items.</param>
internal sealed record SnapshotCounts(
    long Items, long Rejected, long Unidentified, long Skipped, long Sanitized, long Bytes, Seq<string> Rejections)
{
    /// <summary>The number of rejected items that are named; further ones are only counted.</summary>
    public const int MaxRejections = 20;

    private const int RejectionsInRefusal = 3;

    /// <summary>The counts before the first element of a complete snapshot.</summary>
    public static SnapshotCounts Zero { get; } = new(0, 0, 0, 0, 0, 0, Empty);

    /// <summary><see cref="SnapshotHeader.IsComplete"/>.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>The counts before the first element.</summary>
    public static SnapshotCounts Of(SnapshotHeader header) => Zero with { IsComplete = header.IsComplete };

    /// <summary>
    /// False = some objects were not read, or an item has no identity. Its old row must be kept, and it may be any of the rows that appear stale.
    /// </summary>
    public bool ShowsWhatIsStale => IsComplete && Unidentified == 0;

    /// <summary>Why the snapshot as a whole is refused; None = it may be written.</summary>
    /// <param name="isStrict">True = one rejected item is enough; else all of them, of which nothing would be left to write.</param>
    public Option<string> Refusal(bool isStrict) =>
        Rejected > 0 && (isStrict || Rejected == Items)
            ? (Rejected == Items ? "every item" : string.Create(CultureInfo.InvariantCulture, $"{Rejected:N0} of {Items:N0} items"))
                + " of the snapshot cannot be stored — nothing was written; "
                + string.Join("; ", Rejections.Take(RejectionsInRefusal)) + (Rejected > RejectionsInRefusal ? "; …" : "")
            : None;

    /// <summary>The counts after items that are known to be rejected, and have an identity.</summary>
    public SnapshotCounts Add(RejectedItems known) => this with
    {
        Items = Items + known.Count,
        Rejected = Rejected + known.Count,
        Rejections = Join(Rejections, known.All.Take(MaxRejections).Map(it => it.Why)).Take(MaxRejections).Strict(),
    };

    /// <summary>The counts after one more element.</summary>
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
