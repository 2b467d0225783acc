using Kollect.Shell.Manifests.Yaml;

namespace Kollect.Shell.Manifests;

/// <summary>Reads the root of a document as Kubernetes objects: one object, the items of a list, or none.</summary>
internal static class ManifestObject
{
    private const string SinkKind = "KollectDatabaseSink";
    private const string SinkApiVersion = "kollect.dev/v1alpha1";

    public static ManifestSet Read(string file, YamlNode root) => YamlJson.Write(root).Match(
        // The size limit holds for the list as a whole, so that lists of aliases to lists cannot multiply its items.
        Right: _ => Expand(file, root),
        Left: reason => Wrong(file, root.Line, reason));

    private static ManifestSet Expand(string file, YamlNode root) => root switch
    {
        YamlNode.Scalar { Kind: ScalarKind.Null } => ManifestSet.Empty,
        YamlNode.Mapping mapping when ItemsOf(mapping) is { } items => ManifestSet.Concat(items.Select(item => Expand(file, item))),
        YamlNode.Mapping mapping => One(file, mapping),
        _ => Wrong(file, root.Line, "a Kubernetes object is expected, which has the fields apiVersion, kind and metadata"),
    };

    private static IReadOnlyList<YamlNode>? ItemsOf(YamlNode.Mapping mapping) =>
        Text(mapping, "kind") is { } kind && kind.EndsWith("List", StringComparison.Ordinal) ? mapping.Find("items") switch
        {
            { Value: YamlNode.Sequence items } => items.Items,
            { Value: YamlNode.Scalar { Kind: ScalarKind.Null } } => [],
            _ => null,
        }
        : null;

    private static ManifestSet One(string file, YamlNode.Mapping root)
    {
        var metadata = root.Find("metadata")?.Value as YamlNode.Mapping;
        return (Text(root, "apiVersion"), Text(root, "kind"), Text(metadata, "name")) switch
        {
            (null, var kind, _) => Wrong(file, LineOf(root, "apiVersion"), Missing("apiVersion", "apiVersion: " + (kind is "Secret" ? "v1" : SinkApiVersion))),
            (_, null, _) => Wrong(file, LineOf(root, "kind"), Missing("kind", $"kind: {SinkKind}")),
            (_, _, null) => Wrong(
                file,
                metadata is null ? LineOf(root, "metadata") : LineOf(metadata, "name"),
                Missing("metadata.name", "metadata: {name: inventory}")),
            _ when NamespaceIsNotText(metadata) => Wrong(file, LineOf(metadata!, "namespace"), "metadata.namespace is not text; quote it"),
            (var version, SinkKind, _) when version != SinkApiVersion => Wrong(file, LineOf(root, "apiVersion"),
                $"apiVersion \"{version}\" of {SinkKind} is not supported; write apiVersion: {SinkApiVersion}"),
            var (version, kind, name) => Document(file, root, version, kind, Text(metadata, "namespace") ?? "default", name),
        };
    }

    private static ManifestSet Document(string file, YamlNode root, string version, string kind, string ns, string name) =>
        YamlJson.Write(root).Match(
            Right: json => ManifestSet.Empty with
            {
                Documents = Seq1(new ManifestDocument(version, kind, ns, name, json, new SourceMap(file, root))),
            },
            Left: reason => Wrong(file, root.Line, reason));

    private static string Missing(string path, string sample) =>
        $"{path} is missing, empty or not text; write for instance {sample}";

    private static string? Text(YamlNode.Mapping? mapping, string key) =>
        mapping?.Find(key)?.Value is YamlNode.Scalar { Kind: ScalarKind.String, Text: { Length: > 0 } text } ? text : null;

    private static bool NamespaceIsNotText(YamlNode.Mapping? metadata) =>
        metadata?.Find("namespace")?.Value is not (null or YamlNode.Scalar { Kind: ScalarKind.String or ScalarKind.Null });

    private static int LineOf(YamlNode.Mapping mapping, string key) => mapping.Find(key)?.Line ?? mapping.Line;

    private static ManifestSet Wrong(string file, int line, string message) => ManifestSet.Of(new ManifestProblem(file, line, message));
}
