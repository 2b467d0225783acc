using System.Diagnostics;

namespace Kollect.Core.Collection;

/// <summary>The progress of a target. Closed. A broken watch does not change it, because the listed objects stay in memory.</summary>
public abstract record TargetListing
{
    private TargetListing() { }

    /// <summary>The list is not complete yet; transient errors are retried in this state.</summary>
    public sealed record Pending : TargetListing;

    /// <summary>Every object has been read at least once.</summary>
    /// <param name="Epoch">The term of leadership in which the list was read; a list of an earlier term does not count.</param>
    public sealed record Listed(long Epoch) : TargetListing;

    /// <summary>The target cannot be listed until a permission, a kind or a profile is added; <paramref name="Why"/> is one line.</summary>
    public sealed record Unlistable(string Why) : TargetListing;

    /// <summary>The spec names the target, and it does not exist.</summary>
    public sealed record Missing : TargetListing;

    /// <summary>The target is suspended by <c>spec.suspend</c>, so its objects are not read.</summary>
    public sealed record Suspended : TargetListing;
}

/// <summary>One target that an inventory collects.</summary>
/// <param name="Name">The target's name, with its namespace if it has one.</param>
public sealed record InventoryTarget(string Name, TargetListing Listing);

/// <summary>Whether an inventory may be exported, and whether rows that are not in its snapshot may be deleted. Closed.</summary>
/// <remarks>
/// A snapshot that lacks unread objects would delete their rows. Therefore the first export waits until each target is listed or is known to be
/// unlistable, and no row is deleted while a target is unlistable, missing or suspended.
/// </remarks>
public abstract record SnapshotGate
{
    private const int MaxNamed = 5;

    private SnapshotGate() { }

    /// <summary>No export; <paramref name="Why"/> is one line.</summary>
    public sealed record NotYet(string Why) : SnapshotGate;

    /// <summary>The rows become exactly the snapshot.</summary>
    public sealed record Complete : SnapshotGate;

    /// <summary>Rows are written, and no row is deleted; <paramref name="Why"/> is one line.</summary>
    /// <param name="Deliberate">True = all targets that are not collected are suspended.</param>
    public sealed record Incomplete(string Why, bool Deliberate) : SnapshotGate;

    /// <summary>The decision for one inventory.</summary>
    /// <remarks>
    /// An inventory without targets has a complete, empty snapshot: the spec selects no target, so deleting the last target deletes its rows as deleting
    /// any other target does. A target that the spec names and that does not exist is <see cref="TargetListing.Missing"/>, and its rows are kept.
    /// </remarks>
    /// <param name="targets">All targets that the spec names or selects. None = unknown, because the targets themselves have not been listed.</param>
    /// <param name="epoch">The present term of leadership.</param>
    public static SnapshotGate Of(Option<Seq<InventoryTarget>> targets, long epoch) =>
        targets.Match(known => Of(known, epoch), () => new NotYet("the targets themselves have not been listed yet"));

    private static SnapshotGate Of(Seq<InventoryTarget> targets, long epoch)
    {
        var pending = targets.Filter(target => target.Listing is TargetListing.Pending || (target.Listing is TargetListing.Listed it && it.Epoch != epoch));
        var absent = targets.Choose(Absence);
        return (pending.IsEmpty, absent.IsEmpty) switch
        {
            (false, _) => new NotYet(
                FormattableString.Invariant($"{pending.Count} of {targets.Count} targets not listed yet: ") + FirstFew(pending.Map(target => target.Name))),
            (true, true) => new Complete(),
            (true, false) => new Incomplete(
                FormattableString.Invariant($"{absent.Count} of {targets.Count} targets not collected, so no row is deleted: ") + FirstFew(absent),
                targets.ForAll(target => target.Listing is TargetListing.Listed or TargetListing.Suspended)),
        };
    }

    private static Option<string> Absence(InventoryTarget target) => target.Listing switch
    {
        TargetListing.Unlistable it => $"{target.Name}: {it.Why}",
        TargetListing.Missing => $"{target.Name}: no such target",
        TargetListing.Suspended => $"{target.Name}: suspended",
        TargetListing.Pending or TargetListing.Listed => None,
        _ => throw new UnreachableException(),
    };

    // a; b; c; d; e; and 12 more
    private static string FirstFew(Seq<string> names) =>
        string.Join("; ", names.Take(MaxNamed)) + (names.Count > MaxNamed ? FormattableString.Invariant($"; and {names.Count - MaxNamed} more") : "");
}
