using Kollect.Shell.Manifests.Yaml;

namespace Kollect.Shell.Manifests;

/// <summary>Reads the root of a document as Kubernetes objects: one object, the items of a list, or none.</summary>
internal sealed class ManifestObject
{
    /// <summary>The warning about a document that is no object.</summary>
    public const string IsNone = "is no Kubernetes object, which has the fields apiVersion, kind and metadata; it is not looked at";

    /// <summary>Objects of one document. Without a limit, lists of aliases to lists could multiply them beyond memory.</summary>
    private const int MaxObjects = 100_000;

    private readonly string file;
    private readonly List<ManifestDocument> documents = [];
    private readonly List<ManifestProblem> warnings = [];
    private int visited;

    private ManifestObject(string file) => this.file = file;

    public static ManifestSet Read(string file, YamlNode root)
    {
        var read = new ManifestObject(file);
        return read.Expand(root, 1)
            ? new ManifestSet(read.documents.ToSeq().Strict(), Empty, read.warnings.ToSeq().Strict())
            : ManifestSet.Of(new ManifestProblem(file, root.Line, $"lists in lists hold more than {MaxObjects} objects; write them without aliases"));
    }

    /// <summary>False = there are too many objects.</summary>
    private bool Expand(YamlNode node, int depth)
    {
        if (++visited > MaxObjects || depth > YamlDocuments.MaxDepth)
            return false;
        switch (node)
        {
            case YamlNode.Scalar { Kind: ScalarKind.Null }:
                return true;
            case YamlNode.Mapping mapping when ItemsOf(mapping) is { } items:
                return items.All(item => Expand(Typed(item, mapping), depth + 1));
            case YamlNode.Mapping mapping when mapping.Find("apiVersion") is not null || mapping.Find("kind") is not null:
                documents.Add(new ManifestDocument(file, mapping));
                return true;
            default:
                warnings.Add(new ManifestProblem(file, node.Line, IsNone));
                return true;
        }
    }

    /// <summary>The items of a list, also of a typed one such as <c>SecretList</c>; null = it is none.</summary>
    private static IReadOnlyList<YamlNode>? ItemsOf(YamlNode.Mapping mapping) =>
        mapping.Text("kind") is { } kind && kind.EndsWith("List", StringComparison.Ordinal) ? mapping.Find("items")?.Value switch
        {
            YamlNode.Sequence items => items.Items,
            YamlNode.Scalar { Kind: ScalarKind.Null } => [],
            _ => null,
        }
        : null;

    /// <summary>As kubectl does (<c>UnstructuredJSONScheme</c>), gives an item without kind and apiVersion those of a typed list.</summary>
    private static YamlNode Typed(YamlNode item, YamlNode.Mapping list) =>
        item is YamlNode.Mapping mapping && mapping.Find("kind") is null && mapping.Find("apiVersion") is null
        && list.Text("kind") is { } kind && kind != "List" && list.Find("apiVersion") is { } version
            ? new YamlNode.Mapping(
                mapping.Line,
                [version, new YamlField(list.LineOf("kind"), "kind", new YamlNode.Scalar(list.LineOf("kind"), kind[..^"List".Length], ScalarKind.String)),
                    .. mapping.Fields],
                mapping.Repetitions)
            : item;
}
