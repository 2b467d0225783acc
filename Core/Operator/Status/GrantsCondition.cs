using Kollect.Core.Collection;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Operator.Status.TargetSituation;

namespace Kollect.Core.Operator.Status;

/// <summary>The condition <c>NamespacesGranted</c>: the namespaces that a <c>KollectTarget</c> collects from, and those that have not granted it.</summary>
internal static class GrantsCondition
{
    /// <summary>
    /// True = there may be rows of namespaces that have granted nothing, because an operator without limits has collected for the target: the status has
    /// items and no such condition, or the condition has held the rows since, and the target was not edited.
    /// </summary>
    public static bool MayHoldRows(TargetObject target) => Optional(target.Status).Exists(status =>
        status.Conditions.Find(it => it.Type == NamespacesGranted).Match(
            it => it.Reason == TargetReasons.RowsHeld.Name && it.ObservedGeneration == target.Metadata.Generation,
            () => status.ItemCount > 0));

    /// <summary>None = the target is not limited. While the grants are not known, the condition stays as it was.</summary>
    internal static Option<Condition> Of(TargetPlan plan, Seq<StatusCondition> before) => plan is TargetPlan.Collect collect
        ? collect.Grants.Map(Of)
        : before.Find(it => it.Condition.Type == NamespacesGranted).Map(it => it.Condition);

    /// <summary>The condition of a limited target.</summary>
    internal static Condition Of(NamespaceGrants grants) => Condition.Row(
        grants.Words.Reason,
        grants.Words.Message,
        (NamespacesGranted, grants.Words.IsGranted ? KollectConditionStatus.True : KollectConditionStatus.False)).Head;
}
