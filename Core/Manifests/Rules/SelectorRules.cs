using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Rules;

/// <summary>Label selectors of all manifests: the API server refuses an invalid one in a list or a watch.</summary>
internal static class SelectorRules
{
    public static IEnumerable<Finding> IsPossible(Seq<SelectorParts> selectors) => selectors.AsEnumerable().SelectMany(it =>
        it.Selector.MatchLabels.AsEnumerable().OrderBy(label => label.Key, StringComparer.Ordinal)
            .SelectMany(label => Label($"{it.Path}.matchLabels[{label.Key}]", label.Key, Seq1(label.Value)))
            .Concat(it.Selector.MatchExpressions.AsEnumerable().SelectMany((expression, index) =>
                Expression(FormattableString.Invariant($"{it.Path}.matchExpressions[{index}]"), expression))));

    private static IEnumerable<Finding> Expression(string path, KollectSelectorMatchExpression expression)
    {
        var needsValues = expression.Operator is KollectSelectorMatchExpressionOperator.In or KollectSelectorMatchExpressionOperator.NotIn;
        if (expression.Operator is { } given && needsValues == expression.Values.IsEmpty)
            yield return new Finding(
                $"{path}.values",
                needsValues ? $"is empty, and {given.WireName()} needs values" : $"is given, and {given.WireName()} takes no values; remove it");
        foreach (var finding in Label($"{path}.key", expression.Key, []))
            yield return finding;
        foreach (var why in expression.Values.Bind(value => KubernetesNames.LabelValue(value).ToSeq()))
            yield return new Finding($"{path}.values", why);
    }

    private static IEnumerable<Finding> Label(string path, string key, Seq<string> values) =>
        KubernetesNames.LabelKey(key).AsEnumerable().Concat(values.Bind(value => KubernetesNames.LabelValue(value).ToSeq()))
            .Select(why => new Finding(path, why));
}
