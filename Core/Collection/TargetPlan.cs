using System.Diagnostics;
using Kollect.Core.Collection.Scopes;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Collection;

/// <summary>The plan for one target. Closed.</summary>
internal abstract record TargetPlan
{
    private TargetPlan() { }

    /// <summary><c>spec.suspend</c>: its objects are not read.</summary>
    public sealed record Suspended : TargetPlan;

    /// <summary>The API server has not answered yet whether it serves the kind, or which namespaces exist.</summary>
    public sealed record Asking : TargetPlan;

    /// <summary>Nothing can be collected until the configuration changes, or an outage ends.</summary>
    /// <param name="Why">For people: the problem and its remedy, one line.</param>
    /// <param name="IsPassing">True = it may end without a change of the configuration, and is tried again.</param>
    public sealed record Unlistable(Reason Reason, string Why, bool IsPassing = false) : TargetPlan;

    /// <summary>The objects are listed and watched.</summary>
    /// <param name="Profile">The profile that selects the attributes.</param>
    /// <param name="Grants">None = the target collects from every namespace, and objects without one.</param>
    public sealed record Collect(Target Target, Profile Profile, Option<NamespaceGrants> Grants) : TargetPlan
    {
        /// <summary>What limits the target further; never <see cref="ScopesInForce.Asking"/>.</summary>
        public ScopesInForce Scopes { get; init; } = ScopesInForce.None;

        /// <summary>True = the target may collect objects of this namespace; None = objects without one.</summary>
        public bool MayRead(Option<KnownNamespace> @namespace) =>
            Grants.ForAll(it => @namespace.Exists(it.Include)) && @namespace.ForAll(it => Scopes.AllowsNamespace(it.Name));

        /// <summary>True = a change of a namespace may change which of its objects are collected.</summary>
        public bool Distinguishes(KnownNamespace before, KnownNamespace after) =>
            Target.Settings.Objects.Distinguishes(before, after) || MayRead(before) != MayRead(after);

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
        Collect it => progress.Listing(epoch) is TargetListing.Listed listed
            ? it.Grants.Bind(grants => grants.Problem).Match<TargetListing>(problem => new TargetListing.Unlistable(problem.Why), () => listed)
            : progress.Listing(epoch),
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
    /// <param name="grants">Of the namespaces; None = the target is not limited. Not read before the namespaces are known.</param>
    public static TargetPlan Of(
        Either<Seq<Problem>, Target> target,
        Option<Either<Seq<Problem>, Profile>> profile,
        KindAvailability kind,
        NamespacesAvailability namespaces,
        Option<NamespaceGrants> grants) => target.Match(
            Right: it => it.Settings.IsSuspended ? new Suspended() : OfProfile(it, profile, kind, namespaces, grants),
            Left: problems => new Unlistable(TargetReasons.InvalidSpec, Condition.Summary("problem", problems)));

    private static TargetPlan OfProfile(
        Target target,
        Option<Either<Seq<Problem>, Profile>> profile,
        KindAvailability kind,
        NamespacesAvailability namespaces,
        Option<NamespaceGrants> grants) => profile.Match(
            found => found.Match(
                Right: it => OfKind(target, it, kind, namespaces, grants),
                Left: problems => new Unlistable(TargetReasons.ProfileInvalid, $"profile {Name(target)} is invalid: {Condition.Summary("problem", problems)}")),
            () => new Unlistable(TargetReasons.ProfileNotFound, $"profile {Name(target)} does not exist; create it, or correct spec.profileRef"));

    private static TargetPlan OfKind(
        Target target, Profile profile, KindAvailability kind, NamespacesAvailability namespaces, Option<NamespaceGrants> grants) => (kind, namespaces) switch
        {
            _ when target.Settings.Objects.Rules.Find(rule => rule.Kind != profile.Kind).TrySome(out var rule) => new Unlistable(
                TargetReasons.RuleOfAnotherKind,
                $"spec.resourceRules selects {rule.Kind}, and profile {Name(target)} is of {profile.Kind}: a target collects one kind; remove the rule, "
                    + "or make a second target of it with a profile of its kind. Until then no row is deleted"),
            (KindAvailability.NotServed, _) => new Unlistable(
                TargetReasons.KindNotServed,
                $"the API server does not serve {profile.Kind}; install its CustomResourceDefinition, or correct targetGVK of profile {Name(target)}"),
            (KindAvailability.NotListable, _) => new Unlistable(
                TargetReasons.KindNotListable,
                $"{profile.Kind} cannot be listed and watched on this API server; choose another kind in profile {Name(target)}"),
            (KindAvailability.Unanswered it, _) => new Unlistable(
                TargetReasons.Unavailable,
                $"the API server has not answered whether it serves {profile.Kind} {it.Outage}; it is tried again",
                IsPassing: true),
            (_, NamespacesAvailability.Unanswered it) => new Unlistable(
                TargetReasons.Unavailable,
                $"namespaces, whose labels may opt objects out, could not be listed {it.Outage}; it is tried again",
                IsPassing: true),
            (_, NamespacesAvailability.Forbidden) => new Unlistable(
                TargetReasons.NamespacesForbidden,
                "the operator may not list namespaces, whose labels may opt objects out; "
                    + "grant its service account the verbs list and watch on namespaces"),
            (KindAvailability.Asking, _) or (_, NamespacesAvailability.Asking) => new Asking(),
            (KindAvailability.Served { IsNamespaced: false }, NamespacesAvailability.Known) when grants.IsSome => new Unlistable(
                TargetReasons.KindHasNoNamespace,
                $"{profile.Kind} belongs to no namespace, so that nobody can grant it to a KollectTarget; collect it by a KollectClusterTarget and a "
                    + "KollectClusterInventory, or let the administrator of the operator allow targets across namespaces"),
            (KindAvailability.Served, NamespacesAvailability.Known) => new Collect(target, profile, grants),
            _ => throw new UnreachableException(),
        };

    private static string Name(Target target) => $"{target.Settings.Profile.Namespace}/{target.Settings.Profile.Name}";
}

/// <summary>One list and watch.</summary>
/// <param name="Labels">The selector of the request: <see cref="ObjectSelection.ForServer"/>.</param>
internal sealed record WatchKey(ResourceKind Kind, string Labels);
