using System.Diagnostics;
using Kollect.Core.Formatting;

namespace Kollect.Core.Collection;

/// <summary>The progress of a target. Closed. A broken watch does not change it, because the listed objects stay in memory.</summary>
internal abstract record TargetListing
{
    private TargetListing() { }

    /// <summary>The list is not complete yet; transient errors are retried in this state.</summary>
    public sealed record Pending : TargetListing;

    /// <summary>Every object has been read at least once.</summary>
    /// <param name="Epoch">The term of leadership in which the list was read; a list of an earlier term does not count.</param>
    public sealed record Listed(long Epoch) : TargetListing;

    /// <summary>The target cannot be listed until a permission, a kind or a profile is added; <paramref name="Why"/> is one line.</summary>
    public sealed record Unlistable(string Why) : TargetListing;

    /// <summary>The target was deleted a short while ago; its rows stay until <paramref name="Until"/>.</summary>
    public sealed record Deleted(DateTimeOffset Until) : TargetListing;

    /// <summary>The spec names the target, and it does not exist.</summary>
    public sealed record Missing : TargetListing;

    /// <summary>The target is suspended by <c>spec.suspend</c>, so its objects are not read.</summary>
    public sealed record Suspended : TargetListing;
}

/// <summary>One target that an inventory collects.</summary>
/// <param name="Name">The target's name, with its namespace if it has one.</param>
internal sealed record InventoryTarget(string Name, TargetListing Listing);

/// <summary>Why a snapshot is incomplete: the worst cause among its targets.</summary>
internal enum IncompleteCause
{
    /// <summary>All targets that are not collected are suspended.</summary>
    Suspended,

    /// <summary>A target was deleted a short while ago, and the others are collected or suspended.</summary>
    Deleted,

    /// <summary>A target cannot be collected, or does not exist.</summary>
    Trouble,
}

/// <summary>Whether an inventory may be exported, and whether rows that are not in its snapshot may be deleted. Closed.</summary>
/// <remarks>
/// A snapshot that lacks unread objects would delete their rows. Therefore the first export waits until each target is listed or is known to be
/// unlistable, and no row is deleted while a target is unlistable, missing, suspended or deleted a moment ago.
/// </remarks>
internal abstract record SnapshotGate
{
    private const int MaxNamed = 5;

    private SnapshotGate() { }

    /// <summary>No export; <paramref name="Why"/> is one line.</summary>
    public sealed record NotYet(string Why) : SnapshotGate;

    /// <summary>The rows become exactly the snapshot.</summary>
    public sealed record Complete : SnapshotGate;

    /// <summary>Rows are written, and no row is deleted; <paramref name="Why"/> is one line.</summary>
    public sealed record Incomplete(string Why, IncompleteCause Cause) : SnapshotGate;

    /// <summary>The decision for one inventory.</summary>
    /// <remarks>
    /// An inventory without targets has a complete, empty snapshot: the spec selects no target, so deleting the last target deletes its rows as deleting
    /// any other target does. A target that the spec names and that does not exist is <see cref="TargetListing.Missing"/>, and its rows are kept.
    /// </remarks>
    /// <param name="set">The existing targets of its kind.</param>
    /// <param name="profiles">Of the list and watch of all profiles.</param>
    /// <param name="targets">All targets that the spec names or selects; not read while <paramref name="set"/> is unknown.</param>
    /// <param name="epoch">The present term of leadership.</param>
    public static SnapshotGate Of(TargetSet set, WatchProgress profiles, Seq<InventoryTarget> targets, long epoch) =>
        set.WhyUnknown.Match<SnapshotGate>(
            why => new NotYet(why),
            () => !profiles.HasListed
                ? new NotYet(profiles.Trouble.Match(it => it.Why, () => "no KollectProfile has been listed yet"))
                : Of(targets, epoch, Join(set.Watch.Trouble.ToSeq(), profiles.Trouble.ToSeq()).Map(it => it.Why).Strict()));

    /// <param name="doubts">Why there may be other targets, or other profiles.</param>
    private static SnapshotGate Of(Seq<InventoryTarget> targets, long epoch, Seq<string> doubts)
    {
        var pending = targets.Filter(target => target.Listing is TargetListing.Pending || (target.Listing is TargetListing.Listed it && it.Epoch != epoch));
        var absent = targets.Choose(Absence);
        return (pending.IsEmpty, absent.IsEmpty, doubts.IsEmpty) switch
        {
            (false, _, _) => new NotYet(
                FormattableString.Invariant($"{pending.Count} of {targets.Count} targets not listed yet: ")
                + FirstFew.Of(pending.Map(target => target.Name), MaxNamed)),
            (true, _, false) => new Incomplete($"no row is deleted: {FirstFew.Of(Join(doubts, absent).Strict(), MaxNamed)}", IncompleteCause.Trouble),
            (true, true, true) => new Complete(),
            (true, false, true) => new Incomplete(
                FormattableString.Invariant($"{absent.Count} of {targets.Count} targets not collected, so no row is deleted: ") + FirstFew.Of(absent, MaxNamed),
                CauseOf(targets)),
        };
    }

    private static IncompleteCause CauseOf(Seq<InventoryTarget> targets) =>
        targets.Exists(it => it.Listing is TargetListing.Unlistable or TargetListing.Missing) ? IncompleteCause.Trouble
        : targets.Exists(it => it.Listing is TargetListing.Deleted) ? IncompleteCause.Deleted
        : IncompleteCause.Suspended;

    private static Option<string> Absence(InventoryTarget target) => target.Listing switch
    {
        TargetListing.Unlistable it => $"{target.Name}: {it.Why}",
        TargetListing.Missing => $"{target.Name}: no such target",
        TargetListing.Suspended => $"{target.Name}: suspended",
        TargetListing.Deleted it => $"{target.Name}: deleted, and its rows stay until {Times.Seconds(it.Until)} in case it is created again",
        TargetListing.Pending or TargetListing.Listed => None,
        _ => throw new UnreachableException(),
    };
}
