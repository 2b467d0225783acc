using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kollect.Generators.Schema;

/// <summary>A YAML mapping that reports unexpected content with its position.</summary>
internal sealed class YamlMap(YamlMappingNode node, string path, List<SchemaProblem> problems)
{
    public IEnumerable<(YamlScalarNode Key, YamlNode Value)> Entries =>
        node.Children.Where(pair => pair.Key is YamlScalarNode).Select(pair => ((YamlScalarNode)pair.Key, pair.Value));

    public YamlNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key.Value == key).Value;

    public YamlMap? Map(string key) => Find(key) switch
    {
        null => null,
        YamlMappingNode map => new YamlMap(map, path, problems),
        var other => Bad<YamlMap>(other, key, "it must be a mapping"),
    };

    public YamlMap As(YamlMappingNode other) => new(other, path, problems);

    public IEnumerable<YamlNode> List(string key) => Find(key) switch
    {
        null => [],
        YamlSequenceNode list => list.Children,
        var other => Bad<YamlNode[]>(other, key, "it must be a list") ?? [],
    };

    public string? Text(string key) => (Find(key) as YamlScalarNode)?.Value;

    public long? Long(string key) => Parsed(key, text =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (long?)null, "it must be a whole number");

    public int? Int(string key) => Parsed(key, text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (int?)null,
        "it must be a whole number of 32 bits");

    public double? Double(string key) => Parsed(
        key,
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !double.IsNaN(number) && !double.IsInfinity(number)
            ? number
            : (double?)null,
        "it must be a number");

    public bool? Bool(string key) => Parsed(key, text =>
        text == "true" ? true : text == "false" ? false : (bool?)null, "it must be true or false");

    public T? Bad<T>(YamlNode at, string subject, string detail)
        where T : class
    {
        Report(Diagnostics.BadValue.Id, at, subject, detail);
        return null;
    }

    public void Report(string id, YamlNode at, string subject, string detail) =>
        problems.Add(new SchemaProblem(id, PositionOf(at.Start, (at as YamlScalarNode)?.Value?.Length ?? 1), subject, detail));

    public void ReportMissing(string key, string detail) => Report(Diagnostics.Missing.Id, node, key, detail);

    private T? Parsed<T>(string key, Func<string, T?> parse, string detail)
        where T : struct
    {
        if (Find(key) is not { } value)
            return null;
        var parsed = value is YamlScalarNode { Value: { } text } ? parse(text) : null;
        if (parsed is null)
            Report(Diagnostics.BadValue.Id, value, (value as YamlScalarNode)?.Value ?? key, $"{key}: {detail}");
        return parsed;
    }

    private FilePosition PositionOf(Mark mark, int length) =>
        new(path, (int)mark.Index, length, (int)mark.Line - 1, (int)mark.Column - 1);
}
