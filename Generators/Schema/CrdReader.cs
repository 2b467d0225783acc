using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kollect.Generators.Schema;

/// <summary>Reads the served versions of the CRDs in a YAML text.</summary>
public static class CrdReader
{
    /// <summary>Reads every document of kind CustomResourceDefinition; other kinds are ignored.</summary>
    /// <param name="namespace">Namespace of the models without the version; null = that of the project.</param>
    public static CrdFile Read(string path, string text, string? @namespace = null)
    {
        var problems = new List<SchemaProblem>();
        var versions = new List<CrdVersion>();
        foreach (var root in Documents(path, text, problems))
            if (root.Text("kind") == "CustomResourceDefinition")
                versions.AddRange(Versions(root).Select(version => version with { Namespace = @namespace }));
        return new CrdFile(path, new(versions), new(problems));
    }

    /// <summary>Reads a single schema without a CRD, such as ObjectMeta.</summary>
    public static SchemaNode.Object ReadSchema(string path, string text)
    {
        var problems = new List<SchemaProblem>();
        return (SchemaNode.Object)SchemaReader.Read(Documents(path, text, problems).Single());
    }

    private static IEnumerable<YamlMap> Documents(string path, string text, List<SchemaProblem> problems)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            var position = new FilePosition(path, (int)error.Start.Index, 1, (int)error.Start.Line - 1, (int)error.Start.Column - 1);
            problems.Add(new SchemaProblem(Diagnostics.NotYaml.Id, position, System.IO.Path.GetFileName(path), error.Message));
            return [];
        }

        return stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>()
            .Select(node => new YamlMap(node, path, problems)).ToArray();
    }

    private static IEnumerable<CrdVersion> Versions(YamlMap root)
    {
        var spec = root.Map("spec");
        var names = spec?.Map("names");
        var kind = names?.Text("kind");
        if (spec?.Text("group") is not { } group || kind is null)
        {
            (spec ?? root).ReportMissing("spec.group or spec.names.kind", "a CRD has both");
            yield break;
        }

        foreach (var version in spec.List("versions").OfType<YamlMappingNode>().Select(spec.As).Where(version => version.Bool("served") != false))
            if (Version(group, kind, version) is { } read)
            {
                NameClash.ReportKind(names!, names!.Find("kind")!, read.Schema);
                yield return read;
            }
    }

    private static CrdVersion? Version(string group, string kind, YamlMap version)
    {
        if (version.Text("name") is not { } name || version.Map("schema")?.Map("openAPIV3Schema") is not { } schema)
        {
            version.ReportMissing("name or schema.openAPIV3Schema", "a version of a CRD has both");
            return null;
        }

        return SchemaReader.Read(schema) is SchemaNode.Object root ? new CrdVersion(group, kind, name, root) : null;
    }
}
