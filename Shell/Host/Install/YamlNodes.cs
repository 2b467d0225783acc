using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kollect.Host.Install;

/// <summary>Fields of a YAML document. A path names keys, e.g. <c>spec.template.spec</c>; none of ours contains a dot.</summary>
internal static class YamlNodes
{
    private static readonly EmitterSettings Settings = new(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1_024);

    /// <summary>All documents of a file; empty ones are left out.</summary>
    public static IEnumerable<YamlMappingNode> Read(TextReader text)
    {
        var stream = new YamlStream();
        stream.Load(text);
        return stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>();
    }

    /// <summary>One document, which begins with <c>---</c>.</summary>
    public static string Print(YamlMappingNode document)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(document)).Save(new Emitter(text, Settings), assignAnchors: false);
        var printed = text.ToString();
        return "---\n" + (printed.EndsWith("...\n", StringComparison.Ordinal) ? printed[..^4] : printed);
    }

    public static YamlMappingNode Map(this YamlMappingNode node, string path) => (YamlMappingNode)node.At(path);

    public static YamlSequenceNode List(this YamlMappingNode node, string path) => (YamlSequenceNode)node.At(path);

    public static string Text(this YamlMappingNode node, string path) => ((YamlScalarNode)node.At(path)).Value!;

    /// <summary>Replaces a scalar, or adds one; keeps the style of the one before.</summary>
    public static void Set(this YamlMappingNode node, string key, string value)
    {
        if (node.Find(key) is YamlScalarNode scalar)
            scalar.Value = value;
        else
            node.Add(key, value);
    }

    public static YamlNode? Find(this YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var found) ? found : null;

    /// <summary>The mapping of the list whose field <c>name</c> has the value.</summary>
    public static YamlMappingNode Named(this YamlSequenceNode list, string name) =>
        list.Children.OfType<YamlMappingNode>().Single(item => item.Text("name") == name);

    private static YamlNode At(this YamlMappingNode node, string path) =>
        path.Split('.').Aggregate((YamlNode)node, (found, key) => found[key]);
}
