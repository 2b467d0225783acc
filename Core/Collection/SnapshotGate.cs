using System.Diagnostics;

namespace Kollect.Core.Collection;

/// <summary>How far a target has come. Closed. A watch that breaks changes nothing: what was listed before it is still held.</summary>
public abstract record TargetListing
{
    private TargetListing() { }

    /// <summary>Not asked for yet, or asked for and not answered to the end. Errors that pass are tried again, and stay here.</summary>
    public sealed record Pending : TargetListing;

    /// <summary>Every object has been read at least once.</summary>
    /// <param name="Epoch">Under which leadership of this process: what an earlier one listed counts for nothing.</param>
    public sealed record Listed(long Epoch) : TargetListing;

    /// <summary>It cannot be listed until somebody changes something: forbidden, no such kind, no such profile.</summary>
    /// <param name="Why">One line.</param>
    public sealed record Unlistable(string Why) : TargetListing;

    /// <summary>The spec names it, and it does not exist.</summary>
    public sealed record Missing : TargetListing;

    /// <summary><c>spec.suspend</c>: nobody looks at its objects.</summary>
    public sealed record Suspended : TargetListing;
}

/// <summary>One target that an inventory collects.</summary>
/// <param name="Name">Of the target; with its namespace where it has one.</param>
/// <param name="Listing">How far it has come.</param>
public sealed record InventoryTarget(string Name, TargetListing Listing);

/// <summary>Whether an inventory may be exported, and whether what is not in its snapshot may be deleted. Closed.</summary>
/// <remarks>
/// The one danger is a snapshot that lacks what was only not read: mirrored, it empties a table. So nothing is exported before each target has listed
/// once or is known to be unlistable, and nothing is deleted while one of them is not looked at, be it unlistable, missing or suspended.
/// </remarks>
public abstract record SnapshotGate
{
    private const int MaxNamed = 5;

    private SnapshotGate() { }

    /// <summary>No export.</summary>
    /// <param name="Why">One line.</param>
    public sealed record NotYet(string Why) : SnapshotGate;

    /// <summary>The rows become exactly the snapshot.</summary>
    public sealed record Complete : SnapshotGate;

    /// <summary>Rows are written, none is deleted.</summary>
    /// <param name="Why">One line.</param>
    /// <param name="Deliberate">Only suspended targets are missing: somebody wants it so.</param>
    public sealed record Incomplete(string Why, bool Deliberate) : SnapshotGate;

    /// <summary>The answer for one inventory.</summary>
    /// <remarks>
    /// No target at all is a complete, empty snapshot: it says that the spec selects none, and who deletes the last of two targets wants its rows gone as
    /// much as those of the first. A target that the spec names and that is gone is another thing: it is <see cref="TargetListing.Missing"/>, and keeps its rows.
    /// </remarks>
    /// <param name="targets">All that the spec names or selects. None = it is not known yet, for the targets themselves have not been listed.</param>
    /// <param name="epoch">Of the present leadership.</param>
    public static SnapshotGate Of(Option<Seq<InventoryTarget>> targets, long epoch) =>
        targets.Match(known => Of(known, epoch), () => new NotYet("the targets themselves have not been listed yet"));

    private static SnapshotGate Of(Seq<InventoryTarget> targets, long epoch)
    {
        var pending = targets.Filter(target => target.Listing is TargetListing.Pending || (target.Listing is TargetListing.Listed it && it.Epoch != epoch));
        var absent = targets.Choose(Absence);
        return (pending.IsEmpty, absent.IsEmpty) switch
        {
            (false, _) => new NotYet(FormattableString.Invariant($"{pending.Count} of {targets.Count} targets not listed yet: ") + Some(pending.Map(target => target.Name))),
            (true, true) => new Complete(),
            (true, false) => new Incomplete(
                FormattableString.Invariant($"{absent.Count} of {targets.Count} targets not collected, so no row is deleted: ") + Some(absent),
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
    private static string Some(Seq<string> names) =>
        string.Join("; ", names.Take(MaxNamed)) + (names.Count > MaxNamed ? FormattableString.Invariant($"; and {names.Count - MaxNamed} more") : "");
}
