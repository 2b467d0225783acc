using System.Globalization;
using System.Text.RegularExpressions;
using Kollect.Core.Manifests;
using YamlDotNet.RepresentationModel;

namespace Kollect.Shell.Tests.ReferencePages;

public sealed partial class CrdPageTests
{
    [Fact]
    public void Every_field_of_the_definitions_has_its_place_on_the_page()
    {
        var page = new ReferencePage(
            "Custom resources",
            "Every field of the six kinds of `kollect.dev/v1alpha1`: type, limits, default and meaning, from the schema of the "
            + "CustomResourceDefinitions. "
            + "`kubectl explain kdb.spec` shows the same in a cluster.");
        page.Paragraph("The metadata of an object is that of Kubernetes; what the operator reads there: [annotations](annotations.md).");
        var crds = Directory.EnumerateFiles(Repository.At("crds"), "kollect.dev_*.yaml").Select(Load).ToArray();
        Assert.Equal(KnownKinds.All.Order(StringComparer.Ordinal), crds.Select(KindOf).Order(StringComparer.Ordinal));
        foreach (var kind in KnownKinds.All)
            Append(page, crds.Single(crd => KindOf(crd) == kind));
        page.Verify("crds.md");
    }

    private static string KindOf(YamlMappingNode crd) => Text(Map(Map(crd, "spec"), "names"), "kind");

    private static void Append(ReferencePage page, YamlMappingNode crd)
    {
        var spec = Map(crd, "spec");
        var names = Map(spec, "names");
        var version = (YamlMappingNode)((YamlSequenceNode)spec["versions"])[0];
        var schema = Map(Map(version, "schema"), "openAPIV3Schema");
        page.Heading(2, Text(names, "kind")).Paragraph(Text(schema, "description"));
        page.Paragraph($"Short name: `{string.Join("`, `", List(names, "shortNames"))}`. Scope: {Text(spec, "scope")}.");
        foreach (var part in new[] { "spec", "status" })
        {
            if (Find(Map(schema, "properties"), part) is not YamlMappingNode node)
                continue;
            page.Heading(3, $"{Text(names, "kind")}: {part}").Paragraph(Text(node, "description"));
            page.Items(Fields(node, part, Required(schema).Contains(part)).Skip(1));
            if (List(node, "x-kubernetes-validations", "message").ToArray() is { Length: > 0 } rules)
                page.Paragraph("The API server refuses an object that breaks one of these rules:").Items(rules.Select(rule => ("", "", $"{rule}.")));
        }
    }

    private static IEnumerable<(string Name, string Facts, string Prose)> Fields(YamlMappingNode node, string path, bool isRequired)
    {
        var prose = Text(node, "description");
        Assert.True(prose.Length > 0, $"{path} has no description");
        yield return (path, string.Join("; ", Facts(node, isRequired)), prose);
        foreach (var (name, field) in Properties(node))
            foreach (var inner in Fields(field, $"{path}.{name}", Required(node).Contains(name)))
                yield return inner;
        if (Find(node, "items") is YamlMappingNode item)
            foreach (var (name, field) in Properties(item))
                foreach (var inner in Fields(field, $"{path}[].{name}", Required(item).Contains(name)))
                    yield return inner;
    }

    // text; one of a, b; required; default: a; at most 63 characters
    private static IEnumerable<string> Facts(YamlMappingNode node, bool isRequired)
    {
        yield return TypeOf(node);
        if (List(node, "enum").ToArray() is { Length: > 0 } values)
            yield return $"one of {string.Join(", ", values)}";
        if (isRequired)
            yield return "required";
        if (Find(node, "default") is { } value)
            yield return $"default: {value}";
        foreach (var (key, words) in Limits)
            if (Find(node, key) is { } limit)
                yield return (key, $"{limit}") == ("minLength", "1") ? "not empty" : string.Format(CultureInfo.InvariantCulture, words, limit);
        if (Find(node, "items") is YamlMappingNode item)
            foreach (var fact in Facts(item, isRequired: false).Skip(1))
                yield return $"each {fact}";
    }

    private static readonly (string Key, string Words)[] Limits =
    [
        ("minLength", "at least {0} characters"), ("maxLength", "at most {0} characters"), ("minimum", "at least {0}"), ("maximum", "at most {0}"),
        ("minItems", "at least {0} items"), ("maxItems", "at most {0} items"), ("minProperties", "at least {0} entries"),
        ("maxProperties", "at most {0} entries"), ("pattern", "matches `{0}`"),
    ];

    private static string TypeOf(YamlMappingNode node) => (Text(node, "type"), Text(node, "format")) switch
    {
        ("string", "date-time") => "time",
        ("string", "byte") => "base64",
        ("string", _) => "text",
        ("integer", _) => "whole number",
        ("object", _) when Find(node, "additionalProperties") is YamlMappingNode of => $"map to {TypeOf(of)}",
        ("array", _) => $"list of {(Find(node, "items") is YamlMappingNode item ? TypeOf(item) : "anything")}",
        ("", _) => "text or object",
        var (type, _) => type,
    };

    private static IEnumerable<(string Name, YamlMappingNode Node)> Properties(YamlMappingNode node) =>
        Find(node, "properties") is YamlMappingNode fields
            ? fields.Children.Select(it => (it.Key.ToString(), (YamlMappingNode)it.Value))
            : [];

    private static string[] Required(YamlMappingNode node) => [.. List(node, "required")];

    private static IEnumerable<string> List(YamlMappingNode node, string key, string field = "") =>
        Find(node, key) is YamlSequenceNode list
            ? list.Select(it => field.Length == 0 ? it.ToString() : Text((YamlMappingNode)it, field))
            : [];

    private static string Text(YamlMappingNode node, string key) => Space().Replace(Find(node, key)?.ToString() ?? "", " ").Trim();

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node[key];

    private static YamlNode? Find(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? value : null;

    private static YamlMappingNode Load(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(file);
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
