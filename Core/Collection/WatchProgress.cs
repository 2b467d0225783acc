using System.Diagnostics;

namespace Kollect.Core.Collection;

/// <summary>The cause of the end of a list or watch.</summary>
internal enum WatchTrouble
{
    /// <summary>A failure of the moment, which may last: no answer, 429, 5xx, or an answer that is no list.</summary>
    Passing,

    /// <summary>The operator has no permission.</summary>
    Forbidden,

    /// <summary>The API server does not know the kind any more.</summary>
    NotServed,
}

/// <summary>The progress of one list and watch.</summary>
/// <param name="HasListed">Every object has been read at least once under this leadership.</param>
/// <param name="Outage">None = the list or watch is running.</param>
/// <param name="Trouble">A lasting outage, for people; None = there is none.</param>
internal sealed record WatchProgress(bool HasListed, Option<Outage> Outage, Option<TargetPlan.Unlistable> Trouble)
{
    /// <summary>Nothing has been read yet.</summary>
    public static WatchProgress Begun { get; } = new(HasListed: false, None, None);

    /// <summary>All objects of one moment have been read.</summary>
    public WatchProgress Listed() => new(HasListed: true, None, None);

    /// <summary>A change was read: what was listed before is current again.</summary>
    public WatchProgress Resumed() => HasListed ? Listed() : this;

    /// <summary>The list or watch was interrupted; the objects read so far are kept.</summary>
    public WatchProgress Interrupted(ResourceKind kind, WatchTrouble cause, string words, DateTimeOffset now) =>
        (this with { Outage = Collection.Outage.After(Outage, cause, words, now) }).At(kind, now);

    /// <summary>The same some time later: an outage has become a lasting one.</summary>
    public WatchProgress At(ResourceKind kind, DateTimeOffset now) =>
        this with { Trouble = Outage.Filter(it => it.IsLasting(now)).Map(it => Of(kind, it)) };

    /// <summary>The listing of the target, for the gate of snapshots.</summary>
    /// <param name="epoch">Of the current leadership.</param>
    public TargetListing Listing(long epoch) => Trouble.Match<TargetListing>(
        it => new TargetListing.Unlistable(it.Why),
        () => HasListed ? new TargetListing.Listed(epoch) : new TargetListing.Pending());

    private static TargetPlan.Unlistable Of(ResourceKind kind, Outage outage) => outage.Cause switch
    {
        WatchTrouble.Passing => new TargetPlan.Unlistable(
            TargetReasons.Unavailable, $"{kind} could not be listed or watched {outage}; it is tried again", IsPassing: true),
        WatchTrouble.Forbidden => new TargetPlan.Unlistable(
            TargetReasons.Forbidden,
            $"the operator may not list and watch {kind}: {outage.Words}; grant its service account the verbs list and watch on it"),
        WatchTrouble.NotServed => new TargetPlan.Unlistable(TargetReasons.KindNotServed, $"the API server does not serve {kind} any more: {outage.Words}"),
        _ => throw new UnreachableException(),
    };
}
