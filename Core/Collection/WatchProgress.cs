using System.Diagnostics;

namespace Kollect.Core.Collection;

/// <summary>The cause of the end of a list or watch.</summary>
public enum WatchTrouble
{
    /// <summary>A transient failure.</summary>
    Passing,

    /// <summary>The operator has no permission.</summary>
    Forbidden,

    /// <summary>The API server does not know the kind any more.</summary>
    NotServed,
}

/// <summary>The progress of a target's list and watch.</summary>
/// <param name="HasListed">Every object has been read at least once under this leadership.</param>
/// <param name="Trouble">None = the list or watch is running, or a transient failure interrupted it.</param>
public sealed record WatchProgress(bool HasListed, Option<TargetPlan.Unlistable> Trouble)
{
    /// <summary>Nothing has been read yet.</summary>
    public static WatchProgress Begun { get; } = new(HasListed: false, None);

    /// <summary>All objects of one moment have been read.</summary>
    public WatchProgress Listed() => new(HasListed: true, None);

    /// <summary>A change was read: a target that was listed before is current again.</summary>
    public WatchProgress Resumed() => HasListed ? this with { Trouble = None } : this;

    /// <summary>The list or watch was interrupted; the objects read so far are kept.</summary>
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

    /// <summary>The listing of the target, for the gate of snapshots.</summary>
    /// <param name="epoch">Of the current leadership.</param>
    public TargetListing Listing(long epoch) => Trouble.Match<TargetListing>(
        it => new TargetListing.Unlistable(it.Why),
        () => HasListed ? new TargetListing.Listed(epoch) : new TargetListing.Pending());
}
