using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kollect.Shell.Tests.Manifests;

/// <summary>
/// Writes objects as YAML or JSON in the ways in which people and programs write manifests: every style of scalar and collection, blank lines
/// with spaces in block scalars, tags, anchors, merge keys, comments, byte order marks. The seed decides.
/// </summary>
internal sealed partial class MutatedYaml(int seed)
{
    private static readonly JsonSerializerOptions[] JsonLayouts =
    [
        new() { WriteIndented = true },
        new() { WriteIndented = false },
        new() { WriteIndented = true, IndentCharacter = '\t', IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping },
    ];

    private readonly Random random = new(seed);
    private readonly StringBuilder text = new();
    private readonly Dictionary<string, string> anchors = new(StringComparer.Ordinal);

    /// <summary>One file with all objects in their order.</summary>
    public byte[] File(IReadOnlyList<JsonObject> objects)
    {
        text.Clear();
        if (Chance(8))
            return Encoding.UTF8.GetBytes(string.Join(Pick("", "\n", " \n\t"), objects.Select(it => it.ToJsonString(Pick(JsonLayouts)))));
        foreach (var it in objects)
        {
            anchors.Clear();
            text.Append(Pick("---\n", "---\n", "--- # of: |\n", "# Source: chart/templates/x.yaml\n---\n", "---\n---\n"));
            if (Chance(10))
                text.Append(Flow(it)).Append('\n');
            else if (Chance(8))
                List(it);
            else
                Mapping(it, 0);
            text.Append(Pick("", "", "\n", "   \n", "# end\n", "...\n"));
        }

        var yaml = text.ToString();
        if (Chance(10))
            yaml = yaml.Replace("\n", "\r\n", StringComparison.Ordinal);
        if (Chance(10))
            yaml = yaml.TrimEnd('\n', '\r');
        return random.Next(12) switch
        {
            0 => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(yaml)],
            1 => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(yaml)],
            2 => [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(yaml)],
            _ => Encoding.UTF8.GetBytes(yaml),
        };
    }

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private T Pick<T>(params T[] of) => of[random.Next(of.Length)];

    /// <summary>A typed list, whose item has neither apiVersion nor kind.</summary>
    private void List(JsonObject only)
    {
        text.Append(CultureInfo.InvariantCulture, $"apiVersion: {only["apiVersion"]}\nkind: {only["kind"]}List\n")
            .Append("metadata: {resourceVersion: \"7\"}\nitems:\n-");
        var item = (JsonObject)only.DeepClone();
        item.Remove("apiVersion");
        item.Remove("kind");
        text.Append('\n');
        Mapping(item, 2);
    }

    private void Mapping(JsonObject mapping, int indent)
    {
        var merged = indent > 0 && mapping.Count > 1 && Chance(12) ? mapping.First().Key : null;
        if (merged is not null)
            Line(indent).Append("<<: {").Append(Key(merged)).Append(": ").Append(Flow(mapping[merged], inside: true)).Append("}\n");
        foreach (var (key, value) in mapping)
        {
            if (key == merged)
                continue;
            if (Chance(20))
                Line(Pick(0, indent)).Append("# comment: |\n");
            if (Chance(20))
                text.Append(Pick("\n", "  \n"));
            Line(indent).Append(Key(key)).Append(':');
            Value(value, indent);
        }
    }

    private StringBuilder Line(int indent) => text.Append(' ', indent);

    /// <summary>Writes what follows a colon, to the end of the line.</summary>
    private void Value(JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } mapping when !Chance(10):
                text.Append(Pick("", "", " ", "  # comment", " !!map", " !local")).Append('\n');
                Mapping(mapping, indent + Pick(2, 2, 2, 1, 4));
                break;
            case JsonArray { Count: > 0 } items when !Chance(10):
                text.Append(Pick("", "", " # |", " !!seq")).Append('\n');
                Items(items, indent + Pick(0, 2, 2, 3));
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String && Chance(2):
                Text(scalar.GetValue<string>(), indent);
                break;
            default:
                text.Append(Pick(" ", " ", "   ", text[^1] == ':' ? "\t" : " ")).Append(Flow(value)).Append(Pick("", "", " ", " # | comment")).Append('\n');
                break;
        }
    }

    private void Items(JsonArray items, int indent)
    {
        foreach (var item in items)
        {
            Line(indent).Append('-');
            if (item is JsonObject { Count: > 0 } mapping && Chance(2))
            {
                // The first key beside the dash.
                var start = text.Length;
                Mapping(mapping, indent + 2);
                if (text.ToString(start, text.Length - start).TrimStart(' ') is var first && !first.StartsWith('#') && !first.StartsWith('\n'))
                    text.Remove(start, indent + 2).Insert(start, " ");
                else
                    text.Insert(start, "\n");
            }
            else
                Value(item, indent);
        }
    }

    /// <summary>A scalar in block style if it can be written so.</summary>
    private void Text(string value, int indent)
    {
        var tag = Chance(12) ? Pick("!!str ", "!custom ", "&a ") : "";
        if (Printable().IsMatch(value) && value.Trim('\n').Length > 0 && value.Trim().Length > 0)
            Block(value, indent, tag, isFolded: Foldable().IsMatch(value) && Chance(2));
        else
            text.Append(' ').Append(tag).Append(DoubleQuoted(value)).Append('\n');
    }

    private void Block(string value, int indent, string tag, bool isFolded)
    {
        var width = Pick(1, 2, 2, 2, 4, 8);
        var body = value.TrimEnd('\n');
        var breaks = value.Length - body.Length;
        var lines = body.Split('\n');
        var needsIndicator = lines.TakeWhile(line => line.Trim(' ').Length == 0).Any(line => line.Length > 0)
            || lines.First(line => line.Trim(' ').Length > 0)[0] is ' ' or '\t';
        var indicator = needsIndicator || Chance(6) ? width.ToString(CultureInfo.InvariantCulture) : "";
        var chomping = breaks == 0 ? "-" : breaks == 1 && !Chance(8) ? "" : "+";
        text.Append(Pick(" ", " ", "  ")).Append(tag).Append(isFolded ? '>' : '|').Append(Chance(2) ? indicator + chomping : chomping + indicator)
            .Append(Pick("", "", " ", " # comment")).Append('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            if (lines[at].Length == 0)
                Line(Pick(0, 0, indent + width, 1)).Append('\n');
            else
                Line(indent + width).Append(isFolded && Chance(2) ? Fold(lines[at], indent + width) : lines[at]).Append('\n');
            if (isFolded && at < lines.Length - 1 && lines[at].Length > 0)
                text.Append('\n');
        }

        text.Append('\n', Math.Max(breaks - 1, 0));
    }

    private static string Fold(string line, int indent) => SingleSpace().Replace(line, "\n" + new string(' ', indent), 1);

    private string Flow(JsonNode? value, bool inside = false) => value switch
    {
        null => Pick("null", "~", "Null"),
        JsonObject mapping => "{" + string.Join(
            Pick(", ", ","), mapping.Select(field => $"{DoubleQuoted(field.Key)}: {Flow(field.Value, inside: true)}")) + "}",
        JsonArray items => "[" + string.Join(", ", items.Select(item => Flow(item, inside: true))) + Pick("", "", items.Count > 0 ? "," : "") + "]",
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.True => Pick("true", "True", "yes", "on", "y"),
            JsonValueKind.False => Pick("false", "FALSE", "no", "Off", "n"),
            JsonValueKind.Number => Number(scalar.ToJsonString()),
            _ => Inline(scalar.GetValue<string>(), inside),
        },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private string Number(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
        ? Pick(digits, digits, $"0x{whole:x}", "+" + digits, "0o" + Convert.ToString(whole, 8), whole > 9 ? digits.Insert(1, "_") : digits, "!!int " + digits)
        : digits;

    private string Inline(string value, bool inside)
    {
        if (value.Length > 3 && anchors.TryGetValue(value, out var anchor) && Chance(2))
            return $"*{anchor} ";
        if (value.Length > 3 && !inside && !anchors.ContainsKey(value) && Chance(15))
        {
            anchors.Add(value, FormattableString.Invariant($"a{anchors.Count}"));
            return $"&{anchors[value]} {DoubleQuoted(value)}";
        }

        return random.Next(5) switch
        {
            0 when Printable().IsMatch(value) && !value.Contains('\n') => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'",
            1 or 2 when Plain().IsMatch(value) && !Reserved().IsMatch(value) => value,
            3 when Chance(6) => $"!!binary {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))} ",
            _ => DoubleQuoted(value),
        };
    }

    private string Key(string key) => Plain().IsMatch(key) && !Reserved().IsMatch(key) && !Chance(6) ? key : DoubleQuoted(key);

    private static string DoubleQuoted(string value) => "\"" + string.Concat(value.EnumerateRunes().Select(rune => rune.Value switch
    {
        '"' or '\\' => "\\" + rune,
        '\n' => "\\n",
        '\t' => "\\t",
        >= ' ' and <= '~' => rune.ToString(),
        <= 0xFFFF => $"\\u{rune.Value:x4}",
        _ => $"\\U{rune.Value:x8}",
    })) + "\"";

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_./-]*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A(y|n|yes|no|on|off|true|false|null)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();

    /// <summary>Text that a block scalar can hold: no other control character than line breaks and tabs, and no other kind of line break.</summary>
    [GeneratedRegex("\\A[\\n\\t -~\u00A0-\uD7FF-[\u2028\u2029]]+\\z")]
    private static partial Regex Printable();

    /// <summary>Lines that are folded and come out the same: none is empty or begins with a blank.</summary>
    [GeneratedRegex(@"\A[^ \t\n][^\n]*(\n[^ \t\n][^\n]*)*\n*\z")]
    private static partial Regex Foldable();

    [GeneratedRegex(@"(?<=[^ \t]) (?=[^ \t])")]
    private static partial Regex SingleSpace();
}
