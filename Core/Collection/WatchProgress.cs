using System.Diagnostics;

namespace Kollect.Core.Collection;

/// <summary>Why a list or watch has ended.</summary>
public enum WatchTrouble
{
    /// <summary>It passes by itself.</summary>
    Passing,

    /// <summary>The operator has no permission.</summary>
    Forbidden,

    /// <summary>The API server does not know the kind any more.</summary>
    NotServed,
}

/// <summary>How far a target's objects are known, from what happens to its list and watch.</summary>
/// <param name="HasListed">Every object has been read at least once under this leadership.</param>
/// <param name="Trouble">None = the list or watch goes on, or was interrupted by what passes.</param>
public sealed record WatchProgress(bool HasListed, Option<TargetPlan.Unlistable> Trouble)
{
    /// <summary>Nothing has happened yet.</summary>
    public static WatchProgress Begun { get; } = new(HasListed: false, None);

    /// <summary>All objects of one moment have been read.</summary>
    public WatchProgress Listed() => new(HasListed: true, None);

    /// <summary>A change was read: where all was listed before, it is kept current again.</summary>
    public WatchProgress Resumed() => HasListed ? this with { Trouble = None } : this;

    /// <summary>It was interrupted; the objects that are held stay.</summary>
    /// <param name="kind">Of the objects.</param>
    /// <param name="trouble">Why.</param>
    /// <param name="words">Of the API server.</param>
    public WatchProgress Interrupted(ResourceKind kind, WatchTrouble trouble, string words) => trouble switch
    {
        WatchTrouble.Passing => this,
        WatchTrouble.Forbidden => this with
        {
            Trouble = new TargetPlan.Unlistable(
                "Forbidden",
                $"the operator may not list and watch {kind}: {words}; grant its service account the verbs list and watch on it"),
        },
        WatchTrouble.NotServed => this with { Trouble = new TargetPlan.Unlistable("KindNotServed", $"the API server does not serve {kind} any more: {words}") },
        _ => throw new UnreachableException(),
    };

    /// <summary>For the gate of snapshots.</summary>
    /// <param name="epoch">Of the present leadership.</param>
    public TargetListing Listing(long epoch) => Trouble.Match<TargetListing>(
        it => new TargetListing.Unlistable(it.Why),
        () => HasListed ? new TargetListing.Listed(epoch) : new TargetListing.Pending());
}
