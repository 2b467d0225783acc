using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Collection.Scopes;

/// <summary>The plan of a target within the scopes: they take away from what it may collect, and never add.</summary>
/// <remarks>
/// A target that names what a scope denies, or that a scope leaves no namespace, is not collected, and none of its rows is deleted: its author means
/// them. One that selects namespaces by labels, or not at all, collects from those that are allowed, and its rows follow the scopes as they follow labels.
/// </remarks>
internal static class ScopedPlan
{
    /// <summary>The same plan, limited; one that collects nothing stays as it is.</summary>
    /// <param name="known">All namespaces, in any order.</param>
    public static TargetPlan Of(TargetPlan plan, ScopesInForce scopes, IEnumerable<KnownNamespace> known) => plan is not TargetPlan.Collect collect ? plan
        : scopes is ScopesInForce.Asking ? new TargetPlan.Asking()
        : Denials(collect, scopes, known) is { IsEmpty: false } denied
            ? new TargetPlan.Unlistable(TargetReasons.OfDenial(denied.Head.Id), $"{Condition.Summary("denial", denied)}; until then no row is deleted")
            : collect with { Scopes = scopes };

    private static Seq<Problem> Denials(TargetPlan.Collect plan, ScopesInForce scopes, IEnumerable<KnownNamespace> known) =>
        Join(scopes.OfTarget(plan.Target, plan.Profile.Kind), scopes.OfNothingLeft(Selected(plan, known))).Distinct().ToSeq().Strict();

    private static Seq<string> Selected(TargetPlan.Collect plan, IEnumerable<KnownNamespace> known) => known
        .Where(it => plan.MayRead(it) && plan.Target.Settings.Objects.IncludesOf(it))
        .Select(it => it.Name).Order(StringComparer.Ordinal).ToArray().ToSeq();
}
