using Kollect.Core.Kubernetes;
using Kollect.Core.Models.V1Alpha1;
using static Kollect.Core.Operator.Status.InventoryConditions;

namespace Kollect.Core.Operator.Status;

/// <summary>What is worth an event: that something began or ended, not that it goes on.</summary>
public static class Transitions
{
    /// <summary>One event for each ref whose verdict has changed, and one for the inventory where no ref has caused the change.</summary>
    /// <param name="before">The status of the last look.</param>
    /// <param name="after">The status of this one.</param>
    public static Seq<ObjectEvent> Between(InventoryStatus before, InventoryStatus after)
    {
        var ofRefs = after.SinkExports.Choose(it => News(Synced, before.SinkExports.Find(old => old.Sink == it.Sink).Map(old => old.Conditions).IfNone(Empty), it.Conditions)
            .Map(told => told with { Note = $"sink {it.Sink}: {told.Note}" }));
        var ofInventory = News(Ready, before.Conditions, after.Conditions)
            .Filter(it => !after.SinkExports.Exists(export => export.Conditions.Exists(condition => condition.Said.Reason == it.Reason)));
        return Join(ofRefs, ofInventory.ToSeq()).Strict();
    }

    /// <summary>An event where the verdict of one condition has changed.</summary>
    internal static Option<ObjectEvent> News(string type, Seq<StatedCondition> before, Seq<StatedCondition> after) =>
        from now in after.Find(it => it.Said.Type == type).Map(it => it.Said)
        where now.Status != KollectConditionStatus.Unknown && !before.Exists(old => old.Said.Type == type && IsNoNews(old.Said, now))
        select new ObjectEvent(after.Exists(it => it.Said.Type == Degraded), now.Reason, now.Message);

    /// <summary>The same again, or all as well as before a restart.</summary>
    private static bool IsNoNews(Condition before, Condition now) =>
        (before.Status == now.Status && before.Reason == now.Reason) || (before.Reason == CollectingAgain && now.Status == KollectConditionStatus.True);
}
