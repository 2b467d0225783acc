using System.Text.RegularExpressions;
using Kollect.Core.Formatting;
using static Kollect.Core.Collection.Cel.CelValue;
using List = Kollect.Core.Collection.Cel.CelValue.List;
using Map = Kollect.Core.Collection.Cel.CelValue.Map;

namespace Kollect.Core.Collection.Cel;

/// <summary>A function or an operator.</summary>
/// <param name="Run">The values are no errors. Null = it is not defined for values of these types.</param>
internal sealed record CelFunction(string Name, Func<CelValue[], CelBudget, CelValue?> Run);

/// <summary>
/// The functions of the standard library of CEL (cel-spec, List of Standard Definitions), and those of Kubernetes for texts and lists. A function of
/// Kubernetes that is missing is refused by its name.
/// </summary>
internal static class CelFunctions
{
    /// <summary>Minus before a value.</summary>
    public const string Negate = "-_";

    /// <summary>The exclamation mark before a value.</summary>
    public const string Not = "!_";

    /// <summary>Of a regular expression, in characters.</summary>
    private const int MaxPattern = 256;

    /// <summary>What Kubernetes offers and this does not (Kubernetes, Common Expression Language in Kubernetes).</summary>
    public static readonly Seq<string> NotOffered = Seq(
        "find", "findAll", "format", "reverse", "quote", "url", "isURL", "getScheme", "getHost", "getHostname", "getPort", "getEscapedPath", "getQuery",
        "ip", "isIP", "family", "isUnspecified", "isLoopback", "isLinkLocalMulticast", "isLinkLocalUnicast", "isGlobalUnicast", "cidr", "isCIDR", "containsIP",
        "containsCIDR", "prefixLength", "masked", "quantity", "isQuantity", "asInteger", "asApproximateFloat", "isInteger", "sign", "add", "sub",
        "isGreaterThan", "isLessThan", "compareTo", "semver", "isSemver", "major", "minor", "patch", "optMap", "optFlatMap", "orValue", "hasValue",
        "validate", "named", "flatten", "slice", "distinct", "sort", "sortBy", "range", "first", "last", "include", "includes", "greatest", "least");

    private static readonly Dictionary<string, Func<CelValue[], CelBudget, CelValue?>> Operators = new(StringComparer.Ordinal)
    {
        [Negate] = static (it, _) => CelArithmetic.Negate(it[0]),
        [Not] = static (it, _) => it[0] is Truth truth ? Of(!truth.Value) : null,
        ["+"] = static (it, budget) => CelArithmetic.Add(it[0], it[1], budget),
        ["-"] = static (it, _) => CelArithmetic.Subtract(it[0], it[1]),
        ["*"] = static (it, _) => CelArithmetic.Multiply(it[0], it[1]),
        ["/"] = static (it, _) => CelArithmetic.Divide(it[0], it[1]),
        ["%"] = static (it, _) => CelArithmetic.Remainder(it[0], it[1]),
        ["=="] = static (it, budget) => Of(CelComparison.IsEqual(it[0], it[1], budget)),
        ["!="] = static (it, budget) => Of(!CelComparison.IsEqual(it[0], it[1], budget)),
        ["<"] = static (it, budget) => Ordered(it, budget, order => order < 0),
        ["<="] = static (it, budget) => Ordered(it, budget, order => order <= 0),
        [">"] = static (it, budget) => Ordered(it, budget, order => order > 0),
        [">="] = static (it, budget) => Ordered(it, budget, order => order >= 0),
        ["in"] = static (it, budget) => it[1] switch
        {
            List list => Of(list.Items.Any(item => CelComparison.IsEqual(item, it[0], budget))),
            Map map => budget.Visit(1 + (map.Count / 16)) ? Of(map.Find(it[0]) is not null) : null,
            _ => null,
        },
    };

    /// <summary>By name, whether they are written behind a dot, and the number of arguments with the value before the dot.</summary>
    private static readonly Dictionary<(string Name, bool IsMethod, int Arguments), Func<CelValue[], CelBudget, CelValue?>> Named =
        CelLibrary.Functions.ToDictionary(it => (it.Name, it.IsMethod, it.Arguments), it => it.Run);

    /// <summary>The names of all functions, in ordinal order.</summary>
    public static IEnumerable<string> Names => Named.Keys.Select(it => it.Name).Append("matches").Distinct().Order(StringComparer.Ordinal);

    /// <summary>An operator of the grammar.</summary>
    public static CelFunction Operator(string sign) => new(sign.TrimEnd('_'), Operators[sign]);

    /// <summary>A function by its name. Left = there is none, or it is not offered.</summary>
    /// <param name="arguments">With the value before the dot as the first one.</param>
    public static Either<string, CelFunction> Find(string name, bool isMethod, Seq<CelNode> arguments)
    {
        if (name == "matches" && arguments.Count == 2)
            return Matches(arguments[1]);
        if (Named.TryGetValue((name, isMethod, arguments.Count), out var run))
            return new CelFunction(name, run);
        if (Named.Keys.Any(it => it.Name == name))
            return $"the function {name} takes another number of arguments, or {(isMethod ? "none before a dot" : "its first argument before a dot")}";
        return NotOffered.Contains(name)
            ? $"the function {name} of Kubernetes is not offered here; write a JSONPath such as $.spec.replicas, or another expression"
            : $"there is no function {Shown.Quoted(name)}{Nearest.DidYouMean(name, [.. Names])}";
    }

    /// <summary>The pattern is compiled once, and matched in time that is linear in the text.</summary>
    private static Either<string, CelFunction> Matches(CelNode pattern)
    {
        if (pattern is not CelNode.Literal { Value: Text { Value: var text } })
            return "the pattern of matches is a text that stands in the expression itself; otherwise its cost is not known before";
        if (text.Length > MaxPattern)
            return FormattableString.Invariant($"the pattern of matches has {text.Length:N0} characters; at most {MaxPattern} are possible");
        try
        {
            var regex = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return new CelFunction("matches", (it, budget) =>
                it[0] is not Text subject ? null : budget.Visit(1 + (subject.Value.Length / 4)) ? Of(regex.IsMatch(subject.Value)) : Of(false));
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return "the pattern of matches is no regular expression, or has look-arounds or back-references, or repeats too much";
        }
    }

    private static CelValue? Ordered(CelValue[] values, CelBudget budget, Func<int, bool> isTrue) =>
        (values[0] is not Text text || budget.Read(text.Value.Length)) && CelComparison.Order(values[0], values[1]) is { } order ? Of(isTrue(order)) : null;
}
