using Kollect.Core.Kubernetes;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Kubernetes.Condition;

namespace Kollect.Core.Operator.Status;

/// <summary>The events of sinks, inventories and targets: the begin and the end of a state, not its duration.</summary>
internal static class Transitions
{
    /// <summary>One for each transition of a ref's <c>Synced</c>, and one for that of the inventory's <c>Ready</c> where no ref causes it.</summary>
    /// <param name="before">The status of the last decision.</param>
    /// <param name="after">The status of this decision.</param>
    public static Seq<ObjectEvent> Between(InventoryStatus before, InventoryStatus after)
    {
        var ofRefs = after.SinkExports.Choose(it =>
            Of(InventoryConditions.Synced, before.SinkExports.Find(old => old.Sink == it.Sink).Map(old => old.Conditions).IfNone(Empty), it.Conditions)
                .Map(transition => transition with { Note = $"sink {it.Sink}: {transition.Note}" }));
        var ofInventory = Of(Ready, before.Conditions, after.Conditions)
            .Filter(it => !after.SinkExports.Exists(export => export.Conditions.Exists(old => old.Condition.Reason == it.Reason)));
        return Join(ofRefs, ofInventory.ToSeq()).Strict();
    }

    /// <summary>
    /// An event where status or reason of one condition has changed, or the object has become stalled or is no longer so. Another message is no event.
    /// </summary>
    /// <param name="before">All conditions of the object before.</param>
    /// <param name="after">All of them now.</param>
    public static Option<ObjectEvent> Of(string type, Seq<StatusCondition> before, Seq<StatusCondition> after) =>
        from now in Find(type, after)
        where now.Status != KollectConditionStatus.Unknown
        where !Find(type, before).Exists(old => GoesOn(old, now)) || Find(Stalled, before).IsSome != Find(Stalled, after).IsSome
        select new ObjectEvent(Find(Degraded, after).IsSome, now.Reason, now.Message);

    /// <summary>True = the condition is the same, or as good as before a restart.</summary>
    private static bool GoesOn(Condition before, Condition now) =>
        (before.Status == now.Status && before.Reason == now.Reason)
        || (before.Reason == InventoryReasons.CollectingAgain.Name && now.Status == KollectConditionStatus.True);

    private static Option<Condition> Find(string type, Seq<StatusCondition> conditions) =>
        conditions.Find(it => it.Condition.Type == type).Map(it => it.Condition);
}
