using System.Diagnostics;
using Kollect.Core.Scheduling;
using Kollect.Core.Validation;

namespace Kollect.Core.Collection;

/// <summary>What is to be done for one target. Closed.</summary>
public abstract record TargetPlan
{
    private TargetPlan() { }

    /// <summary><c>spec.suspend</c>: nobody looks at its objects.</summary>
    public sealed record Suspended : TargetPlan;

    /// <summary>The API server has not said yet whether it serves the kind, or which namespaces there are.</summary>
    public sealed record Asking : TargetPlan;

    /// <summary>Nothing can be collected until somebody changes something.</summary>
    /// <param name="Reason">For programs: one CamelCase word.</param>
    /// <param name="Why">For people: what, and what to do; one line.</param>
    public sealed record Unlistable(string Reason, string Why) : TargetPlan;

    /// <summary>List and watch.</summary>
    /// <param name="Target">Which objects.</param>
    /// <param name="Profile">What is kept of them.</param>
    public sealed record Collect(Target Target, Profile Profile) : TargetPlan
    {
        /// <summary>Targets with equal keys share one list and watch.</summary>
        public WatchKey Key => new(Profile.Kind, Target.Settings.Objects.ForServer.ToString());
    }

    /// <summary>For the gate of snapshots.</summary>
    /// <param name="progress">Of its list and watch, where there is one.</param>
    /// <param name="epoch">Of the present leadership.</param>
    public TargetListing Listing(WatchProgress progress, long epoch) => this switch
    {
        Suspended => new TargetListing.Suspended(),
        Asking => new TargetListing.Pending(),
        Unlistable it => new TargetListing.Unlistable(it.Why),
        Collect => progress.Listing(epoch),
        _ => throw new UnreachableException(),
    };

    /// <summary>The plan for one target.</summary>
    /// <param name="target">Left = its problems.</param>
    /// <param name="profiles">All profiles have been listed; None = there is none of this name.</param>
    /// <param name="kinds">What the API server says of a kind.</param>
    /// <param name="namespaces">Whether the labels of all namespaces are known.</param>
    public static TargetPlan Of(
        Either<Seq<Problem>, Target> target,
        Func<ProfileRef, Option<Either<Seq<Problem>, Profile>>> profiles,
        Func<ResourceKind, KindSight> kinds,
        NamespacesSight namespaces) => target.Match(
            Right: it => it.Settings.IsSuspended ? new Suspended() : OfProfile(it, profiles(it.Settings.Profile), kinds, namespaces),
            Left: problems => new Unlistable("InvalidSpec", Reconciling.Condition.Told("problem", problems)));

    private static TargetPlan OfProfile(
        Target target, Option<Either<Seq<Problem>, Profile>> profile, Func<ResourceKind, KindSight> kinds, NamespacesSight namespaces) => profile.Match(
            found => found.Match(
                Right: it => OfKind(target, it, kinds(it.Kind), namespaces),
                Left: problems => new Unlistable("ProfileInvalid", $"profile {Name(target)} is invalid: {Reconciling.Condition.Told("problem", problems)}")),
            () => new Unlistable("ProfileNotFound", $"profile {Name(target)} does not exist; create it, or correct spec.profileRef"));

    private static TargetPlan OfKind(Target target, Profile profile, KindSight kind, NamespacesSight namespaces) => (kind, namespaces) switch
    {
        (KindSight.NotServed, _) => new Unlistable(
            "KindNotServed", $"the API server does not serve {profile.Kind}; install its CustomResourceDefinition, or correct targetGVK of profile {Name(target)}"),
        (KindSight.NotListable, _) => new Unlistable(
            "KindNotListable", $"{profile.Kind} cannot be listed and watched on this API server; choose another kind in profile {Name(target)}"),
        (_, NamespacesSight.Forbidden) => new Unlistable(
            "NamespacesForbidden", "the operator may not list namespaces, whose labels may opt objects out; grant its service account the verbs list and watch on namespaces"),
        (KindSight.Asking, _) or (_, NamespacesSight.Asking) => new Asking(),
        (KindSight.Served, NamespacesSight.Known) => new Collect(target, profile),
        _ => throw new UnreachableException(),
    };

    private static string Name(Target target) => $"{target.Settings.Profile.Namespace}/{target.Settings.Profile.Name}";
}

/// <summary>One list and watch.</summary>
/// <param name="Kind">Of the objects.</param>
/// <param name="Labels">What the API server is asked for: <see cref="ObjectSelection.ForServer"/>.</param>
public sealed record WatchKey(ResourceKind Kind, string Labels);

/// <summary>What the API server says of a kind. Closed.</summary>
public abstract record KindSight
{
    private KindSight() { }

    /// <summary>It has not answered yet.</summary>
    public sealed record Asking : KindSight;

    /// <summary>It does not know it.</summary>
    public sealed record NotServed : KindSight;

    /// <summary>It knows it, without the verbs list and watch.</summary>
    public sealed record NotListable : KindSight;

    /// <summary>It can be listed and watched, permission provided.</summary>
    public sealed record Served : KindSight;
}

/// <summary>Whether the labels of all namespaces are known.</summary>
public enum NamespacesSight
{
    /// <summary>They have not been listed yet.</summary>
    Asking,

    /// <summary>The operator may not list them.</summary>
    Forbidden,

    /// <summary>They are known.</summary>
    Known,
}

/// <summary>Why a list or watch goes on no more.</summary>
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
/// <param name="Trouble">None = the list or watch goes on, or only what passes has befallen it.</param>
public sealed record WatchProgress(bool HasListed, Option<TargetPlan.Unlistable> Trouble)
{
    /// <summary>Nothing has happened yet.</summary>
    public static WatchProgress Begun { get; } = new(HasListed: false, None);

    /// <summary>All objects of one moment have been told.</summary>
    public WatchProgress Listed() => new(HasListed: true, None);

    /// <summary>Something was told: where all was listed before, it is kept current again.</summary>
    public WatchProgress Told() => HasListed ? this with { Trouble = None } : this;

    /// <summary>It was interrupted; what is held is held on.</summary>
    /// <param name="kind">Of the objects.</param>
    /// <param name="trouble">Why.</param>
    /// <param name="words">Of the API server.</param>
    public WatchProgress Interrupted(ResourceKind kind, WatchTrouble trouble, string words) => trouble switch
    {
        WatchTrouble.Passing => this,
        WatchTrouble.Forbidden => this with
        {
            Trouble = new TargetPlan.Unlistable("Forbidden", $"the operator may not list and watch {kind}: {words}; grant its service account the verbs list and watch on it"),
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
