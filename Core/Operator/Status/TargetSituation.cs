using System.Diagnostics;
using Kollect.Core.Collection;
using Kollect.Core.Kubernetes;
using static Kollect.Core.Kubernetes.Condition;
using static Kollect.Models.V1Alpha1.KollectConditionStatus;

namespace Kollect.Core.Operator.Status;

/// <summary>The state of a target, as its conditions report it. Closed.</summary>
internal abstract record TargetSituation
{
    private const int MaxNamed = 3;

    private TargetSituation() { }

    /// <summary><c>spec.suspend</c>.</summary>
    public sealed record Suspended : TargetSituation;

    /// <summary>Not all of its objects have been read yet.</summary>
    public sealed record Listing : TargetSituation;

    /// <summary>Its objects cannot be read until the configuration changes, or an outage ends.</summary>
    /// <param name="Plan">Reason and words.</param>
    /// <param name="HoldsOlder">Objects read before are kept, and none of their rows is deleted.</param>
    public sealed record Unlistable(TargetPlan.Unlistable Plan, bool HoldsOlder) : TargetSituation;

    /// <summary>All objects are collected.</summary>
    public sealed record Collected : TargetSituation;

    /// <summary>All objects are collected, but some lack an attribute that the profile requires, or are no items.</summary>
    /// <param name="Profile">Namespace and name of the profile.</param>
    /// <param name="Problems">The first ones, in words; before all others those of objects that exceed the budget of the profile's paths.</param>
    /// <param name="Count">All of them.</param>
    public sealed record Lacking(string Profile, Seq<string> Problems, int Count) : TargetSituation;

    /// <summary>The situation of a target.</summary>
    /// <param name="progress">Progress of its list and watch; None = there is none.</param>
    /// <param name="problems">Problems of objects, in any order.</param>
    public static TargetSituation Of(TargetPlan plan, WatchProgress progress, Seq<ObjectProblem> problems) => plan switch
    {
        TargetPlan.Suspended => new Suspended(),
        TargetPlan.Asking => new Listing(),
        TargetPlan.Unlistable it => new Unlistable(it, HoldsOlder: false),
        TargetPlan.Collect collect => progress.Trouble.Match<TargetSituation>(
            it => new Unlistable(it, progress.HasListed),
            () => !progress.HasListed ? new Listing()
                : collect.Grants.Bind(grants => grants.Problem).Case is TargetPlan.Unlistable withheld ? new Unlistable(withheld, HoldsOlder: false)
                : problems.IsEmpty ? new Collected()
                : new Lacking(
                    $"{collect.Profile.Namespace}/{collect.Profile.Name}",
                    problems.OrderBy(it => !it.ExceedsBudget).ThenBy(it => it.Text, StringComparer.Ordinal)
                        .Take(MaxNamed).Select(it => it.Text).ToArray().ToSeq(),
                    problems.Count)),
        _ => throw new UnreachableException(),
    };

    /// <summary>Every type that the table uses.</summary>
    internal static Seq<string> Types { get; } = Seq(Ready, Degraded, Stalled, Reconciling, NamespacesGranted);

    /// <summary>The condition type of a target that is limited to the namespaces that grant it.</summary>
    internal const string NamespacesGranted = "NamespacesGranted";

    /// <summary>The one table from a situation to conditions, as kstatus reads them. A condition that is not listed is absent from the status.</summary>
    public Seq<Condition> Conditions => this switch
    {
        Suspended => Row(TargetReasons.Suspended, "spec.suspend: its objects are not looked at, and no row of them is deleted", (Ready, True)),
        Listing => Row(TargetReasons.Listing, "its objects are being listed", (Ready, Unknown), (Reconciling, True)),
        Unlistable it => Row(
            it.Plan.Reason,
            it.HoldsOlder ? $"{it.Plan.Why}; what was collected before is kept" : it.Plan.Why,
            (Ready, False),
            (Degraded, True),
            (it.Plan.IsPassing ? Reconciling : Stalled, True)),
        Collected => Row(TargetReasons.Collected, "all selected objects are collected, and kept current", (Ready, True)),
        Lacking it => Row(
            TargetReasons.ObjectsLackAttributes, $"all selected objects are collected, but {Summary("object", it)}", (Ready, True), (Degraded, True)),
        _ => throw new UnreachableException(),
    };

    // 12 objects lack what profile shop/deployments demands: shop/api: replicas: the path finds nothing; …
    private static string Summary(string what, Lacking it) =>
        FormattableString.Invariant($"{it.Count} {what}{(it.Count == 1 ? " lacks" : "s lack")} what profile {it.Profile} demands: ")
            + string.Join("; ", it.Problems)
        + (it.Count > it.Problems.Count ? FormattableString.Invariant($"; and {it.Count - it.Problems.Count} more") : "");
}
