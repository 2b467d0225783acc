using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Kubernetes;

/// <summary>A condition as it stands in a status.</summary>
/// <param name="Said">What it says.</param>
/// <param name="Generation">Of the inventory's spec when it was said.</param>
/// <param name="Since">When its status last changed, in whole seconds.</param>
public sealed record StatedCondition(Condition Said, long Generation, DateTimeOffset Since)
{
    /// <summary>In the shape of the CRDs.</summary>
    public KollectCondition Model => new()
    {
        Type = Said.Type,
        Status = Said.Status,
        ObservedGeneration = Generation,
        LastTransitionTime = Since,
        Reason = Said.Reason,
        Message = Said.Message,
    };

    /// <summary>From that shape. None = its status is damaged.</summary>
    public static Option<StatedCondition> Read(KollectCondition it) => Optional(it.Status).Map(status =>
        new StatedCondition(new Condition(it.Type, status, it.Reason, it.Message), it.ObservedGeneration ?? 0, it.LastTransitionTime));

    /// <summary>What is to be said now; the time moves only with the status.</summary>
    public static Seq<StatedCondition> Of(Seq<Condition> wanted, Seq<StatedCondition> before, long generation, DateTimeOffset now) =>
        wanted.Map(it => new StatedCondition(
            it,
            generation,
            before.Find(old => old.Said.Type == it.Type && old.Said.Status == it.Status).Match(
                old => old.Since,
                () => KubernetesTime.WholeSeconds(now)))).Strict();
}
