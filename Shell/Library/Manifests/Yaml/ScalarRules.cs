using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>
/// Resolves a scalar as <c>kubectl</c> does, by YAML 1.1: <c>yes</c> and <c>on</c> are true, <c>010</c> is 8, a date is text. Quoted scalars
/// are text.
/// </summary>
internal static partial class ScalarRules
{
    /// <summary>Left: why JSON cannot hold the scalar, without its value.</summary>
    public static Either<string, (string Text, ScalarKind Kind)> Resolve(string text, bool plain, string? tag) => tag switch
    {
        null when !plain => (text, ScalarKind.String),
        null => Plain(text),
        "!" or "tag:yaml.org,2002:str" => (text, ScalarKind.String),
        "tag:yaml.org,2002:timestamp" => (text, ScalarKind.String),
        "tag:yaml.org,2002:null" => Expect(text, "!!null", kind => kind is ScalarKind.Null),
        "tag:yaml.org,2002:bool" => Expect(text, "!!bool", kind => kind is ScalarKind.True or ScalarKind.False),
        "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" => Expect(text, "a number", kind => kind is ScalarKind.Number),
        _ => "a tag that Kubernetes does not know; remove it",
    };

    private static Either<string, (string Text, ScalarKind Kind)> Expect(string text, string wanted, Func<ScalarKind, bool> fits) =>
        Plain(text).Bind(scalar => fits(scalar.Kind)
            ? Right<string, (string, ScalarKind)>(scalar)
            : Left<string, (string, ScalarKind)>($"the value is not {wanted}, as its tag says; remove the tag"));

    private static Either<string, (string Text, ScalarKind Kind)> Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ("null", ScalarKind.Null),
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => ("true", ScalarKind.True),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => ("false", ScalarKind.False),
        ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF" =>
            "the value is not a finite number, which JSON cannot hold; quote it if text is meant",
        _ when char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.' => (Number(text) is { } number
            ? (number, ScalarKind.Number)
            : (text, ScalarKind.String)),
        _ => (text, ScalarKind.String),
    };

    /// <summary>Converts to a JSON number and keeps the digits as written where possible; null = not a number.</summary>
    private static string? Number(string text)
    {
        if (JsonNumber().IsMatch(text))
            return text;
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (Radix().Match(digits) is { Success: true } radix)
            return Whole(radix);
        if (YamlFloat().Match(digits) is not { Success: true } match)
            return null;
        var sign = match.Groups["sign"].Value == "-" ? "-" : "";
        var whole = match.Groups["whole"].Value.TrimStart('0') is { Length: > 0 } significant ? significant : "0";
        var fraction = match.Groups["fraction"].Value is { Length: > 0 } decimals ? "." + decimals : "";
        return sign + whole + fraction + match.Groups["exponent"].Value;
    }

    private static string? Whole(Match match)
    {
        var (bits, digits) = match.Groups["hex"].Success ? (4, match.Groups["hex"].Value)
            : match.Groups["binary"].Success ? (1, match.Groups["binary"].Value)
            : (3, match.Groups["octal"].Value);
        // A number beyond 64 bits stays text: no field of Kubernetes is that wide, and the conversion takes quadratic time.
        if (digits.TrimStart('0').Length * bits > 66)
            return null;
        var value = digits.Aggregate(BigInteger.Zero, (sum, digit) => (sum << bits) + Convert.ToInt32(digit.ToString(), 16));
        return (match.Groups["sign"].Value == "-" ? -value : value).ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"\A(?<sign>[-+]?)(0[xX](?<hex>[0-9a-fA-F]+)|0[bB](?<binary>[01]+)|0[oO]?(?<octal>[0-7]+))\z")]
    private static partial Regex Radix();

    [GeneratedRegex(@"\A(?<sign>[-+]?)(?:(?<whole>[0-9]+)(\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]+))(?<exponent>([eE][-+]?[0-9]+)?)\z")]
    private static partial Regex YamlFloat();
}
