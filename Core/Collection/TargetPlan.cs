using System.Diagnostics;
using Kollect.Core.Failures;

namespace Kollect.Core.Collection;

/// <summary>The plan for one target. Closed.</summary>
public abstract record TargetPlan
{
    private TargetPlan() { }

    /// <summary><c>spec.suspend</c>: its objects are not read.</summary>
    public sealed record Suspended : TargetPlan;

    /// <summary>The API server has not answered yet whether it serves the kind, or which namespaces exist.</summary>
    public sealed record Asking : TargetPlan;

    /// <summary>Nothing can be collected until the configuration changes, or an outage ends.</summary>
    /// <param name="Reason">For programs: one CamelCase word.</param>
    /// <param name="Why">For people: the problem and its remedy, one line.</param>
    /// <param name="IsPassing">True = it may end without a change of the configuration, and is tried again.</param>
    public sealed record Unlistable(string Reason, string Why, bool IsPassing = false) : TargetPlan;

    /// <summary>The objects are listed and watched.</summary>
    /// <param name="Profile">The profile that selects the attributes.</param>
    public sealed record Collect(Target Target, Profile Profile) : TargetPlan
    {
        /// <summary>Targets with equal keys share one list and watch.</summary>
        public WatchKey Key => new(Profile.Kind, Target.Settings.Objects.ForServer.ToString());
    }

    /// <summary>The listing of the target, for the gate of snapshots.</summary>
    /// <param name="progress">Progress of its list and watch; None = there is none.</param>
    /// <param name="epoch">Of the current leadership.</param>
    public TargetListing Listing(WatchProgress progress, long epoch) => this switch
    {
        Suspended => new TargetListing.Suspended(),
        Asking => new TargetListing.Pending(),
        Unlistable it => new TargetListing.Unlistable(it.Why),
        Collect => progress.Listing(epoch),
        _ => throw new UnreachableException(),
    };

    /// <summary>The kind whose availability determines the plan; None = the plan depends on no kind.</summary>
    /// <param name="target">Left = its problems.</param>
    /// <param name="profile">The named profile; None = no profile has this name.</param>
    public static Option<ResourceKind> KindInUse(Either<Seq<Problem>, Target> target, Option<Either<Seq<Problem>, Profile>> profile) =>
        from it in target.ToOption()
        where !it.Settings.IsSuspended
        from found in profile
        from valid in found.ToOption()
        select valid.Kind;

    /// <summary>The plan for one target.</summary>
    /// <param name="target">Left = its problems.</param>
    /// <param name="profile">The named profile, once all profiles are listed; None = no profile has this name.</param>
    /// <param name="kind">Availability of <see cref="KindInUse"/>; ignored where that is None.</param>
    /// <param name="namespaces">Whether the labels of all namespaces are known.</param>
    public static TargetPlan Of(
        Either<Seq<Problem>, Target> target,
        Option<Either<Seq<Problem>, Profile>> profile,
        KindAvailability kind,
        NamespacesAvailability namespaces) => target.Match(
            Right: it => it.Settings.IsSuspended ? new Suspended() : OfProfile(it, profile, kind, namespaces),
            Left: problems => new Unlistable("InvalidSpec", Kubernetes.Condition.Summary("problem", problems)));

    private static TargetPlan OfProfile(
        Target target, Option<Either<Seq<Problem>, Profile>> profile, KindAvailability kind, NamespacesAvailability namespaces) => profile.Match(
            found => found.Match(
                Right: it => OfKind(target, it, kind, namespaces),
                Left: problems => new Unlistable("ProfileInvalid", $"profile {Name(target)} is invalid: {Kubernetes.Condition.Summary("problem", problems)}")),
            () => new Unlistable("ProfileNotFound", $"profile {Name(target)} does not exist; create it, or correct spec.profileRef"));

    private static TargetPlan OfKind(Target target, Profile profile, KindAvailability kind, NamespacesAvailability namespaces) => (kind, namespaces) switch
    {
        (KindAvailability.NotServed, _) => new Unlistable(
            "KindNotServed",
            $"the API server does not serve {profile.Kind}; install its CustomResourceDefinition, or correct targetGVK of profile {Name(target)}"),
        (KindAvailability.NotListable, _) => new Unlistable(
            "KindNotListable", $"{profile.Kind} cannot be listed and watched on this API server; choose another kind in profile {Name(target)}"),
        (KindAvailability.Unanswered it, _) => new Unlistable(
            "Unavailable", $"the API server has not answered whether it serves {profile.Kind} {it.Outage}; it is tried again", IsPassing: true),
        (_, NamespacesAvailability.Unanswered it) => new Unlistable(
            "Unavailable", $"namespaces, whose labels may opt objects out, could not be listed {it.Outage}; it is tried again", IsPassing: true),
        (_, NamespacesAvailability.Forbidden) => new Unlistable(
            "NamespacesForbidden",
            "the operator may not list namespaces, whose labels may opt objects out; "
                + "grant its service account the verbs list and watch on namespaces"),
        (KindAvailability.Asking, _) or (_, NamespacesAvailability.Asking) => new Asking(),
        (KindAvailability.Served, NamespacesAvailability.Known) => new Collect(target, profile),
        _ => throw new UnreachableException(),
    };

    private static string Name(Target target) => $"{target.Settings.Profile.Namespace}/{target.Settings.Profile.Name}";
}

/// <summary>One list and watch.</summary>
/// <param name="Labels">The selector of the request: <see cref="ObjectSelection.ForServer"/>.</param>
public sealed record WatchKey(ResourceKind Kind, string Labels);
