using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Operator;

/// <summary>Stores conditions as an API server may: beside one of another manager, and in another order.</summary>
internal static class Reviewed
{
    private const string Type = "Reviewed";

    /// <param name="own">The operator's types: it applies no others, and compares no others.</param>
    public static ModelList<KollectCondition> Stored(this ModelList<KollectCondition> applied, Seq<string> own)
    {
        Assert.All(applied, it => Assert.Contains(it.Type, own.AsEnumerable()));
        var foreign = new KollectCondition
        {
            Type = Type,
            Status = KollectConditionStatus.True,
            Reason = "ByHand",
            Message = "",
            LastTransitionTime = Sinks.Monday,
        };
        return [.. applied.Reverse(), foreign];
    }
}
