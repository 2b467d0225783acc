using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Kubernetes;

/// <summary>A condition of a status.</summary>
/// <param name="Condition">What it says.</param>
/// <param name="Generation">Of the spec that it is about.</param>
/// <param name="LastTransitionTime">When its status last changed, in whole seconds.</param>
public sealed record StatusCondition(Condition Condition, long Generation, DateTimeOffset LastTransitionTime)
{
    /// <summary>In the shape of the CRDs.</summary>
    public KollectCondition Model => new()
    {
        Type = Condition.Type,
        Status = Condition.Status,
        ObservedGeneration = Generation,
        LastTransitionTime = LastTransitionTime,
        Reason = Condition.Reason,
        Message = Condition.Message,
    };

    /// <summary>From that shape; one whose status is damaged is left out.</summary>
    public static Seq<StatusCondition> Read(Seq<KollectCondition> conditions) => conditions.Choose(it => Optional(it.Status).Map(status =>
        new StatusCondition(new Condition(it.Type, status, it.Reason, it.Message), it.ObservedGeneration ?? 0, it.LastTransitionTime))).Strict();

    /// <summary>The conditions that hold now; the time of each moves only with its status.</summary>
    public static Seq<StatusCondition> Of(Seq<Condition> conditions, Seq<StatusCondition> before, long generation, DateTimeOffset now) =>
        conditions.Map(it => new StatusCondition(
            it,
            generation,
            before.Find(old => old.Condition.Type == it.Type && old.Condition.Status == it.Status).Match(
                old => old.LastTransitionTime,
                () => KubernetesTime.WholeSeconds(now)))).Strict();
}
