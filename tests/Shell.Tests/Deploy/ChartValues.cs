using System.Text;
using YamlDotNet.RepresentationModel;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>The page about the values of the chart, made of values.yaml: each value that has a comment, with its default.</summary>
internal static class ChartValues
{
    private const int Width = 118;

    public static string Page()
    {
        var lines = File.ReadAllLines(Repository.At($"{Chart.Folder}/values.yaml"));
        using var text = new StringReader(string.Join('\n', lines));
        var yaml = new YamlStream();
        yaml.Load(text);
        var page = new StringBuilder(
            """
            # Values of the Helm chart

            Generated from `charts/kollect/values.yaml`; in brackets the default. `values.schema.json` beside it refuses every other
            name, and wrong values.


            """);
        foreach (var (path, value) in Leaves((YamlMappingNode)yaml.Documents[0].RootNode, "", lines))
            page.Append(Wrapped($"- **`{path}`** (`{Default(value)}`): {Comment(lines, (int)value.Key.Start.Line)}")).Append('\n');
        return page.ToString();
    }

    /// <summary>A mapping with a comment of its own is one value.</summary>
    private static IEnumerable<(string Path, KeyValuePair<YamlNode, YamlNode> Value)> Leaves(YamlMappingNode node, string above, string[] lines) =>
        node.Children.SelectMany(it => it.Value is YamlMappingNode { Children.Count: > 0 } below && Comment(lines, (int)it.Key.Start.Line).Length == 0
            ? Leaves(below, $"{above}{it.Key}.", lines)
            : [($"{above}{it.Key}", it)]);

    private static string Default(KeyValuePair<YamlNode, YamlNode> value) => Flow(value.Value);

    private static string Flow(YamlNode node) => node switch
    {
        YamlMappingNode fields => $"{{{string.Join(", ", fields.Children.Select(it => $"{it.Key}: {Flow(it.Value)}"))}}}",
        YamlSequenceNode items => $"[{string.Join(", ", items.Select(Flow))}]",
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.DoubleQuoted } quoted => $"\"{quoted.Value}\"",
        _ => node.ToString(),
    };

    /// <summary>The comment right above a line.</summary>
    /// <param name="line">Counted from 1.</param>
    private static string Comment(string[] lines, int line)
    {
        var first = line - 1;
        while (first > 0 && lines[first - 1].TrimStart().StartsWith('#'))
            first--;
        return string.Join(' ', lines[first..(line - 1)].Select(it => it.TrimStart()[1..].Trim()));
    }

    private static string Wrapped(string item)
    {
        var page = new StringBuilder();
        var column = 0;
        foreach (var word in item.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                page.Append("\n  ");
                column = 2;
            }
            else if (column > 0)
            {
                page.Append(' ');
                column++;
            }

            page.Append(word);
            column += word.Length;
        }

        return page.ToString();
    }
}
