using Kollect.Core.Collection.Scopes;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Collection;

/// <summary>The reasons of the conditions and events of targets.</summary>
internal static class TargetReasons
{
    private const string ListAndWatch = "Grant the service account of the operator the verbs list and watch on ";

    /// <summary><c>spec.suspend</c>.</summary>
    public static Reason Suspended { get; } = new(
        "Suspended", "spec.suspend is true: the objects are not looked at, and no row of them is deleted.", "Set spec.suspend to false to go on.");

    /// <summary>Not all objects have been read yet.</summary>
    public static Reason Listing { get; } = new("Listing", "The objects of the target are being listed.");

    /// <summary>All objects are collected.</summary>
    public static Reason Collected { get; } = new("Collected", "All selected objects are collected, and kept current.");

    /// <summary>Some objects lack an attribute that the profile requires, or are no items.</summary>
    public static Reason ObjectsLackAttributes { get; } = new(
        "ObjectsLackAttributes",
        "All selected objects are collected, but some have no value at a path of the profile, or one of another type, or exceed the budget of the paths.",
        "Correct path or type in the profile, or mark the attribute as optional.");

    /// <summary>The spec of the target is invalid.</summary>
    public static Reason InvalidSpec { get; } = new(
        "InvalidSpec",
        "The spec breaks rules, and no webhook has refused it; no row of the target is deleted.",
        "Correct each problem in the message: kollect explain describes its id.");

    /// <summary>The spec of the profile is invalid.</summary>
    public static Reason ProfileInvalid { get; } = new(
        "ProfileInvalid", "The profile of the target breaks rules.", "Correct the profile: the message names its problems.");

    /// <summary>No profile has this name.</summary>
    public static Reason ProfileNotFound { get; } = new("ProfileNotFound", "The profile does not exist.", "Create it, or correct spec.profileRef.");

    /// <summary>A resource rule is of another kind than the profile.</summary>
    public static Reason RuleOfAnotherKind { get; } = new(
        "RuleOfAnotherKind",
        "A resource rule of the target selects another kind than its profile; no row of the target is deleted.",
        "Remove the rule, or make a second target of it with a profile of its kind.");

    /// <summary><see cref="KindAvailability.NotServed"/></summary>
    public static Reason KindNotServed { get; } = new(
        "KindNotServed",
        "The API server does not serve the kind of the profile, or no longer does.",
        "Install its CustomResourceDefinition, or correct spec.targetGVK of the profile.");

    /// <summary><see cref="KindAvailability.NotListable"/></summary>
    public static Reason KindNotListable { get; } = new(
        "KindNotListable", "The API server serves the kind without the verbs list and watch.", "Choose another kind in the profile.");

    /// <summary>The API server has not answered for a minute.</summary>
    public static Reason Unavailable { get; } = new(
        "Unavailable",
        "The API server has refused or not answered lists and watches for a minute; what was collected before is kept, and it is tried again.",
        "Check the API server, and the server behind an aggregated API or a conversion webhook.");

    /// <summary><see cref="NamespacesAvailability.Forbidden"/></summary>
    public static Reason NamespacesForbidden { get; } = new(
        "NamespacesForbidden", "The operator may not list namespaces, whose labels may opt objects out.", ListAndWatch + "namespaces.");

    /// <summary>A limited target selects a kind without namespaces.</summary>
    public static Reason KindHasNoNamespace { get; } = new(
        "KindHasNoNamespace",
        "The objects of the kind belong to no namespace, so no owner can grant them to a KollectTarget.",
        "Collect them by a KollectClusterTarget and a KollectClusterInventory.");

    /// <summary>The operator may not list the kind.</summary>
    public static Reason Forbidden { get; } = new(
        "Forbidden",
        "The operator may not list and watch the kind.",
        "Add a ClusterRole for it with the label kollect.dev/aggregate-to-collector=true.");

    /// <summary>A named namespace has not granted the target, or its rows are held.</summary>
    public static Reason NamespacesNotGranted { get; } = new(
        "NamespacesNotGranted",
        "A namespace that the target names has not granted it; no row of the target is deleted.",
        "Let the owner of the namespace run the command in the message, or select other namespaces.");

    /// <summary>The condition about grants: all selected namespaces are collected.</summary>
    public static Reason Granted { get; } = new("Granted", "The target collects from every namespace that it selects.");

    /// <summary>The condition about grants: no namespaces are selected.</summary>
    public static Reason OwnAndGranted { get; } = new(
        "OwnAndGranted", "The target selects no namespaces, and collects from its own and from those that grant it.");

    /// <summary>The condition about grants: some namespaces are selected in vain.</summary>
    public static Reason NotGranted { get; } = new(
        "NotGranted",
        "The target selects namespaces that have not granted it, and collects nothing there.",
        "Let the owners run the command in the message, or select other namespaces.");

    /// <summary>The condition about grants: rows of an operator without limits are held.</summary>
    public static Reason RowsHeld { get; } = new(
        "RowsHeld",
        "An earlier operator collected from all namespaces, and some have not granted the target; no row is deleted until they do or the target is edited.",
        "Let the owners run the command in the message, or edit the target to give the rows up.");

    /// <summary><see cref="ScopeDenials.Kind"/>. The names of the reasons of scopes are those of the other operators of the family.</summary>
    public static Reason ScopeKindDenied { get; } = new(
        "ScopeGVKDenied", "A scope does not allow the kind of the profile; nothing is collected, and no row is deleted.", ScopeDenials.Kind.Remedy);

    /// <summary><see cref="ScopeDenials.Namespace"/> and <see cref="ScopeDenials.RefNamespace"/></summary>
    public static Reason ScopeNamespaceDenied { get; } = new(
        "ScopeNamespaceDenied",
        "A scope does not allow a namespace that the target names, or allows none that it selects; nothing is collected, and no row is deleted.",
        ScopeDenials.Namespace.Remedy);

    /// <summary><see cref="ScopeDenials.Unreadable"/></summary>
    public static Reason ScopeLookupFailed { get; } = new(
        "ScopeLookupFailed",
        "A scope cannot be read, so that its limits are not known; nothing is collected, and no row is deleted.",
        ScopeDenials.Unreadable.Remedy);

    /// <summary>The reason of a target to which a scope denies something.</summary>
    /// <param name="id">Of the problem.</param>
    public static Reason OfDenial(string id) => id == ScopeDenials.Kind.Id ? ScopeKindDenied
        : id == ScopeDenials.Unreadable.Id ? ScopeLookupFailed
        : ScopeNamespaceDenied;

    /// <summary>All of them.</summary>
    public static Seq<Reason> All { get; } = Seq(
        Suspended, Listing, Collected, ObjectsLackAttributes, InvalidSpec, ProfileInvalid, ProfileNotFound, RuleOfAnotherKind, KindNotServed, KindNotListable,
        Unavailable, NamespacesForbidden, KindHasNoNamespace, Forbidden, NamespacesNotGranted, Granted, OwnAndGranted, NotGranted, RowsHeld,
        ScopeKindDenied, ScopeNamespaceDenied, ScopeLookupFailed);
}
