using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator.Status;

/// <summary>The effects of the situation of a target.</summary>
/// <param name="Status">None = the status stays as it is, and nothing is written.</param>
/// <param name="Events">The changes since the last decision.</param>
/// <param name="Next">The time of the next decision; None = only when something changes.</param>
/// <param name="IsOfCountsAlone">True = the status differs from the stored one in nothing but counts: the next such write waits.</param>
internal sealed record TargetStatus(
    Option<KollectTargetStatus> Status, Seq<ObjectEvent> Events, Option<DateTimeOffset> Next, bool IsOfCountsAlone = false)
{
    /// <summary>One decision. Deciding again from what was written writes nothing.</summary>
    /// <param name="target">Its status is the one of the last write.</param>
    /// <param name="plan">Its plan, which knows the grants of namespaces; see <see cref="GrantsCondition"/>.</param>
    /// <param name="items">The number of collected items; None = unknown.</param>
    /// <param name="lacking">The number of objects that lack a required attribute.</param>
    /// <param name="countsWritten">The time of the last write of counts alone by this process; <see cref="DateTimeOffset.MinValue"/> = never.</param>
    public static TargetStatus Of(
        TargetObject target, TargetPlan plan, TargetSituation situation, Option<int> items, int lacking, DateTimeOffset countsWritten, DateTimeOffset now)
    {
        var stored = StoredStatus.Own(target.Status);
        var old = stored ?? new KollectTargetStatus();
        if (situation is TargetSituation.Listing && WasReady(target.Metadata.Generation, old))
            return new TargetStatus(None, Empty, None);
        var before = StatusCondition.Read(old.Conditions);
        var conditions = StatusCondition.Of(Join(situation.Conditions, GrantsCondition.Of(plan, before).ToSeq()), before, target.Metadata.Generation ?? 0, now);
        var status = new KollectTargetStatus
        {
            ObservedGeneration = target.Metadata.Generation,
            ItemCount = items.Map(it => (long)it).ToNullable() ?? old.ItemCount,
            IncompleteCount = items.IsSome ? lacking : old.IncompleteCount,
            Conditions = [.. conditions.Map(it => it.Model)],
        };
        var due = Deadline.After(countsWritten, Waits.Counts);
        var isOfCountsAlone = (status with
        {
            ItemCount = old.ItemCount,
            IncompleteCount = old.IncompleteCount,
            Conditions = WithoutMessages(status.Conditions, old.Conditions),
        }) == old;
        if (status == stored)
            return new TargetStatus(None, Empty, None);
        if (isOfCountsAlone && !due.IsOver(now))
            return new TargetStatus(None, Empty, due.At);
        return new TargetStatus(status, Transitions.Of(Condition.Ready, before, conditions).ToSeq(), None, isOfCountsAlone);
    }

    /// <summary>True = a new process lists the objects of an earlier one again: nothing is written.</summary>
    private static bool WasReady(long? generation, KollectTargetStatus old) =>
        old.ObservedGeneration == generation && old.Conditions.Any(it => it.Type == Condition.Ready && it.Status == KollectConditionStatus.True);

    /// <summary>Messages name objects and count them, and change as often as the counts.</summary>
    private static ModelList<KollectCondition> WithoutMessages(ModelList<KollectCondition> conditions, ModelList<KollectCondition> old) =>
    [
        .. conditions
            .Select(it => it with { Message = old.Find(was => was.Type == it.Type && was.Reason == it.Reason).Map(was => was.Message).IfNone(it.Message) }),
    ];
}
