using System.Globalization;
using System.Text.RegularExpressions;

namespace Kollect.Shell.Tests.Telemetry;

/// <summary>A strict parser of the text exposition format 0.0.4: checks every line, the order of lines and the escapes.</summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, double> samples = new(StringComparer.Ordinal);

    private Exposition(string text)
    {
        Assert.EndsWith("\n", text);
        foreach (var line in text.Split('\n')[..^1])
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
                Helped.Add(Name(line));
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                Types.Add(Name(line), line.Split(' ')[3]);
            else
                Take(line);
        Assert.Equal(Helped, Types.Keys);
    }

    /// <summary>Type of each family: counter, gauge or histogram.</summary>
    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>Labels of all samples: name and unescaped value.</summary>
    public System.Collections.Generic.HashSet<(string Name, string Value)> Labels { get; } = [];

    /// <summary>Names and values of the labels of each family.</summary>
    public Dictionary<string, SortedDictionary<string, SortedSet<string>>> Labelled { get; } = new(StringComparer.Ordinal);

    /// <summary>A sample's value by its name and labels, e.g. <c>kollect_leader</c>.</summary>
    public double this[string sample] => samples[sample];

    public IEnumerable<string> Samples => samples.Keys;

    private List<string> Helped { get; } = [];

    public static Exposition Read(string text) => new(text);

    private static string Name(string line) => line.Split(' ')[2];

    private void Take(string line)
    {
        var match = Sample().Match(line);
        Assert.True(match.Success, line);
        var family = Types.Keys.Last();
        Assert.Contains(match.Groups["name"].Value, Types[family] == "histogram" ? [family + "_bucket", family + "_sum", family + "_count"] : new[] { family });
        Labelled.TryAdd(family, new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal));
        foreach (var (name, value) in match.Groups["label"].Captures.Zip(match.Groups["text"].Captures))
        {
            var plain = Regex.Replace(value.Value, @"\\(.)", it => it.Groups[1].Value == "n" ? "\n" : it.Groups[1].Value);
            Labels.Add((name.Value, plain));
            if (!Labelled[family].ContainsKey(name.Value))
                Labelled[family].Add(name.Value, new SortedSet<string>(StringComparer.Ordinal));
            Labelled[family][name.Value].Add(plain);
        }

        samples.Add(line[..line.LastIndexOf(' ')], Number(match.Groups["value"].Value));
    }

    private static double Number(string text) =>
        text == "+Inf" ? double.PositiveInfinity : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<text>([^"\\\n]|\\[\\"n])*)",?)+\})? (?<value>\S+)$""")]
    private static partial Regex Sample();
}
