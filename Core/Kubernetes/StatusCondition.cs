using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Kubernetes;

/// <summary>A condition of a status, with its generation and time.</summary>
/// <param name="Generation">The generation of the spec that the condition describes.</param>
/// <param name="LastTransitionTime">The time of the last change of its status, in whole seconds.</param>
internal sealed record StatusCondition(Condition Condition, long Generation, DateTimeOffset LastTransitionTime)
{
    /// <summary>The condition as a generated model.</summary>
    public KollectCondition Model => new()
    {
        Type = Condition.Type,
        Status = Condition.Status,
        ObservedGeneration = Generation,
        LastTransitionTime = LastTransitionTime,
        Reason = Condition.Reason,
        Message = Condition.Message,
    };

    /// <summary>Reads conditions from generated models, without those whose status is missing or unknown.</summary>
    public static Seq<StatusCondition> Read(ModelList<KollectCondition> conditions) => conditions.ToSeq().Choose(it => Optional(it.Status).Map(status =>
        new StatusCondition(new Condition(it.Type, status, it.Reason, it.Message), it.ObservedGeneration ?? 0, it.LastTransitionTime))).Strict();

    /// <summary>The conditions to write now. A condition whose status has not changed keeps its time.</summary>
    public static Seq<StatusCondition> Of(Seq<Condition> conditions, Seq<StatusCondition> before, long generation, DateTimeOffset now) =>
        conditions.Map(it => new StatusCondition(
            it,
            generation,
            before.Find(old => old.Condition.Type == it.Type && old.Condition.Status == it.Status).Match(
                old => old.LastTransitionTime,
                () => KubernetesTime.WholeSeconds(now)))).Strict();
}
