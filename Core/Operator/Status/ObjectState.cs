using Kollect.Core.Kubernetes;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator.Status;

/// <summary>What the conditions of an object say, in one word and one line.</summary>
/// <param name="Reason">For programs: one CamelCase word.</param>
/// <param name="Message">For people: one line.</param>
/// <param name="Since">The last change of the condition; None = no condition says this.</param>
internal sealed record ObjectState(StateWord Word, string Reason, string Message, Option<DateTimeOffset> Since)
{
    /// <summary>True = nothing is to be done about the object, or nothing that keeps it from its work.</summary>
    public bool IsReady => Word is StateWord.Ready or StateWord.Degraded;

    /// <summary>The state of an object.</summary>
    /// <param name="conditions">Of its status.</param>
    /// <param name="observed">The generation that the status is about; None = there is no status.</param>
    /// <param name="generation">The generation of the spec; None = not known.</param>
    public static ObjectState Of(Seq<StatusCondition> conditions, Option<long> observed, Option<long> generation)
    {
        if (Find(conditions, Condition.Ready).Case is not StatusCondition ready)
            return new(StateWord.Waiting, "NoStatus", "no operator has reported on it; is one running?", None);
        if (observed.Exists(it => generation.Exists(now => it < now)))
            return new(StateWord.Waiting, "ChangeNotObserved", "the operator has not yet reported on the last change of the spec", None);
        if (ready.Condition.Status == KollectConditionStatus.True && Find(conditions, Condition.Degraded).Case is StatusCondition degraded)
            return Of(StateWord.Degraded, degraded);
        return ready.Condition.Status switch
        {
            KollectConditionStatus.True => Of(StateWord.Ready, ready),
            KollectConditionStatus.False => Of(StateWord.NotReady, ready),
            _ => Of(StateWord.Waiting, ready),
        };
    }

    private static ObjectState Of(StateWord word, StatusCondition it) => new(word, it.Condition.Reason, it.Condition.Message, it.LastTransitionTime);

    /// <summary>None = it is not set, or it is <c>Degraded</c> and does not hold.</summary>
    private static Option<StatusCondition> Find(Seq<StatusCondition> conditions, string type) =>
        conditions.Find(it => it.Condition.Type == type && (type == Condition.Ready || it.Condition.Status == KollectConditionStatus.True));
}

/// <summary>The state of an object in one word, from the best to the worst.</summary>
internal enum StateWord
{
    /// <summary>It does what it should.</summary>
    Ready,

    /// <summary>It works, and something about it is wrong.</summary>
    Degraded,

    /// <summary>Not known yet.</summary>
    Waiting,

    /// <summary>It does not work.</summary>
    NotReady,
}
