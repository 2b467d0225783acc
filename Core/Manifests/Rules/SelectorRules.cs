using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Rules;

/// <summary>Label selectors of all manifests: the API server refuses an invalid one in a list or a watch.</summary>
internal static class SelectorRules
{
    /// <summary>In characters. The selector is part of the URL of a list; proxies refuse one above 8 KiB (nginx, large_client_header_buffers).</summary>
    private const int MaxLength = 4_096;

    public static IEnumerable<Finding> IsPossible(Seq<SelectorParts> selectors) => selectors.AsEnumerable().SelectMany(it =>
        Length(it).AsEnumerable().Concat(it.Selector.MatchLabels.AsEnumerable().OrderBy(label => label.Key, StringComparer.Ordinal)
            .SelectMany(label => Label($"{it.Path}.matchLabels[{label.Key}]", label.Key, Seq1(label.Value)))
            .Concat(it.Selector.MatchExpressions.AsEnumerable().SelectMany((expression, index) =>
                Expression(FormattableString.Invariant($"{it.Path}.matchExpressions[{index}]"), expression)))));

    private static Option<Finding> Length(SelectorParts selector)
    {
        var length = selector.Selector.MatchLabels.AsEnumerable().Sum(label => label.Key.Length + label.Value.Length + 2)
            + selector.Selector.MatchExpressions.Sum(it => it.Key.Length + it.Values.Sum(value => value.Length + 1) + " notin ()".Length);
        return length > MaxLength
            ? new Finding(
                selector.Path,
                FormattableString.Invariant($"has {length:N0} characters; at most {MaxLength:N0} are possible, because it is part of a URL; ")
                    + "select by fewer values")
            : None;
    }

    private static IEnumerable<Finding> Expression(string path, KollectMatchExpression expression)
    {
        var needsValues = expression.Operator is KollectMatchExpressionOperator.In or KollectMatchExpressionOperator.NotIn;
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
