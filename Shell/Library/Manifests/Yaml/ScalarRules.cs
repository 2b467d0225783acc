using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>
/// Resolves a scalar as <c>kubectl</c> does, by YAML 1.1: <c>yes</c> and <c>on</c> are true, <c>010</c> is 8, a date is text. Quoted scalars
/// are text.
/// </summary>
internal static partial class ScalarRules
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Stands for bytes that are not UTF-8: a noncharacter, which no text has.</summary>
    public const char NotText = '\uFFFF';

    /// <summary>A scalar of its type, or the reason why JSON cannot hold it.</summary>
    public static YamlNode Resolve(int line, int column, string text, bool plain, string? tag)
    {
        var node = tag switch
        {
            null when plain => Plain(text),
            "tag:yaml.org,2002:null" => Expect(text, "!!null", it => it.Kind is ScalarKind.Null),
            "tag:yaml.org,2002:bool" => Expect(text, "!!bool", it => it.Kind is ScalarKind.True or ScalarKind.False),
            "tag:yaml.org,2002:int" => Expect(text, "a whole number", it => it.Kind is ScalarKind.Number && !it.Text.AsSpan().ContainsAny(".eE")),
            "tag:yaml.org,2002:float" => Expect(text, "a number", it => it.Kind is ScalarKind.Number),
            "tag:yaml.org,2002:binary" => Binary(text),
            _ => (text, ScalarKind.String),
        };
        return node.Match<YamlNode>(
            Right: scalar => scalar.Kind is ScalarKind.String ? Text(line, column, scalar.Text) : new YamlNode.Scalar(line, scalar.Text, scalar.Kind),
            Left: reason => new YamlNode.Refused(line, column, reason));
    }

    /// <summary>
    /// The text of a key: of a number with a fraction or an exponent the shortest one with 32 bits, as kubectl writes it (<c>1.10</c> is <c>1.1</c>).
    /// </summary>
    public static string Key(YamlNode.Scalar key) => key.Kind is ScalarKind.Number && key.Text.AsSpan().ContainsAny(".eE")
        && float.Parse(key.Text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture) is var shortest && !shortest.Contains('E')
            ? shortest
            : key.Text;

    /// <summary>A text, unless the file has bytes that are none.</summary>
    public static YamlNode Text(int line, int column, string text) => text.Contains(NotText)
        ? new YamlNode.Refused(line, column, "the text is not UTF-8; save the file as UTF-8, which is what Kubernetes reads")
        : new YamlNode.Scalar(line, text, ScalarKind.String);

    private static Either<string, (string Text, ScalarKind Kind)> Binary(string base64)
    {
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return "the value is not base64, as its tag !!binary says; correct it, or remove the tag";
        try
        {
            return (Utf8.GetString(bytes, 0, length), ScalarKind.String);
        }
        catch (DecoderFallbackException)
        {
            return "the value of !!binary is not UTF-8 text, which alone a JSON string can hold; of a Secret give the base64 below data, without the tag";
        }
    }

    private static Either<string, (string Text, ScalarKind Kind)> Expect(
        string text, string wanted, Func<(string Text, ScalarKind Kind), bool> fits) =>
        Plain(text).Bind(scalar => fits(scalar)
            ? Right<string, (string, ScalarKind)>(scalar)
            : Left<string, (string, ScalarKind)>($"the value is not {wanted}, as its tag says; remove the tag"));

    private static Either<string, (string Text, ScalarKind Kind)> Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ("null", ScalarKind.Null),
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => ("true", ScalarKind.True),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => ("false", ScalarKind.False),
        ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF" =>
            "the value is not a finite number, which JSON cannot hold; quote it if text is meant",
        _ when char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.' => (Number(text) is { } number && IsFinite(number)
            ? (number, ScalarKind.Number)
            : (text, ScalarKind.String)),
        _ => (text, ScalarKind.String),
    };

    // Beyond the range of a double, kubectl takes the text.
    private static bool IsFinite(string number) => double.IsFinite(double.Parse(number, CultureInfo.InvariantCulture));

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
