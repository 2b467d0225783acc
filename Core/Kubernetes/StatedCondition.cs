using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Kubernetes;

/// <summary>A condition of a status, with its generation and time.</summary>
/// <param name="Generation">The generation of the inventory's spec that the condition describes.</param>
/// <param name="Since">The time of the last change of its status, in whole seconds.</param>
public sealed record StatedCondition(Condition Said, long Generation, DateTimeOffset Since)
{
    /// <summary>The condition as a generated model.</summary>
    public KollectCondition Model => new()
    {
        Type = Said.Type,
        Status = Said.Status,
        ObservedGeneration = Generation,
        LastTransitionTime = Since,
        Reason = Said.Reason,
        Message = Said.Message,
    };

    /// <summary>Reads a condition from a generated model. None = its status is missing or unknown.</summary>
    public static Option<StatedCondition> Read(KollectCondition it) => Optional(it.Status).Map(status =>
        new StatedCondition(new Condition(it.Type, status, it.Reason, it.Message), it.ObservedGeneration ?? 0, it.LastTransitionTime));

    /// <summary>The conditions to write now. A condition whose status has not changed keeps its time.</summary>
    public static Seq<StatedCondition> Of(Seq<Condition> wanted, Seq<StatedCondition> before, long generation, DateTimeOffset now) =>
        wanted.Map(it => new StatedCondition(
            it,
            generation,
            before.Find(old => old.Said.Type == it.Type && old.Said.Status == it.Status).Match(
                old => old.Since,
                () => KubernetesTime.WholeSeconds(now)))).Strict();
}
