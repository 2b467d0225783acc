using Kollect.Core.Formatting;
using Kollect.Shell.Manifests.Yaml;

namespace Kollect.Shell.Manifests;

/// <summary>The documents of all <c>-f</c> sources, and the problems of those that cannot be read.</summary>
/// <param name="Documents">In file order; a <c>List</c> is replaced by its items.</param>
/// <param name="Problems">Empty = everything was read.</param>
/// <param name="Warnings">Documents that are no Kubernetes objects.</param>
internal sealed record ManifestSet(Seq<ManifestDocument> Documents, Seq<ManifestProblem> Problems, Seq<ManifestProblem> Warnings)
{
    /// <summary>No documents and no problems.</summary>
    public static ManifestSet Empty { get; } = new(Seq<ManifestDocument>(), Seq<ManifestProblem>(), Seq<ManifestProblem>());

    /// <summary>Concatenates sets in order.</summary>
    public static ManifestSet Concat(IEnumerable<ManifestSet> sets)
    {
        var all = sets.ToList();
        return new ManifestSet(
            all.SelectMany(set => set.Documents).ToSeq().Strict(),
            all.SelectMany(set => set.Problems).ToSeq().Strict(),
            all.SelectMany(set => set.Warnings).ToSeq().Strict());
    }

    internal static ManifestSet Of(ManifestProblem problem) => Empty with { Problems = Seq1(problem) };
}

/// <summary>One Kubernetes object in a file, of any kind; only an object whose <see cref="Json"/> is read must be valid.</summary>
/// <remarks>Prints as <c>Secret shop/database</c>, never its content: the content may be a Secret.</remarks>
internal sealed class ManifestDocument
{
    private const string DefaultNamespace = "default";

    private readonly YamlNode.Mapping root;
    private readonly Lazy<Either<Seq<ManifestProblem>, ReadOnlyMemory<byte>>> json;

    internal ManifestDocument(string file, YamlNode.Mapping root)
    {
        this.root = root;
        var metadata = root.Find("metadata")?.Value as YamlNode.Mapping;
        ApiVersion = root.Text("apiVersion") ?? "";
        Kind = root.Text("kind") ?? "";
        Name = metadata?.Text("name") ?? "";
        Namespace = metadata?.Text("namespace") ?? DefaultNamespace;
        Source = new SourceMap(file, root);
        json = new(() => YamlJson.Write(file, root));
    }

    /// <summary><c>kollect.dev/v1alpha1</c>; empty = missing, or not text.</summary>
    public string ApiVersion { get; }

    /// <summary><c>KollectDatabaseSink</c>; empty = missing, or not text.</summary>
    public string Kind { get; }

    /// <summary><c>metadata.namespace</c>; <c>default</c> where the manifest has none.</summary>
    public string Namespace { get; }

    /// <summary><c>metadata.name</c>; empty = missing, or not text.</summary>
    public string Name { get; }

    /// <summary>
    /// The whole object as UTF-8 JSON, at most 3 MiB and 64 levels deep. Must not be printed: it may be a Secret. Left = everything that JSON
    /// cannot hold, and each key that occurs twice.
    /// </summary>
    public Either<Seq<ManifestProblem>, ReadOnlyMemory<byte>> Json => json.Value;

    /// <summary>Line numbers of the fields.</summary>
    public SourceMap Source { get; }

    /// <summary>True = the namespace is given, and is not text.</summary>
    internal bool NamespaceIsNotText => root.Find("metadata")?.Value is YamlNode.Mapping metadata
        && metadata.Find("namespace")?.Value is not (null or YamlNode.Scalar { Kind: ScalarKind.String or ScalarKind.Null });

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"{Kind} {Namespace}/{Name}" : $"{Kind} without a name";
}

/// <summary>A source or document that cannot be read.</summary>
/// <param name="File">As given on the command line, or a file of a folder given there; <c>-</c> is standard input.</param>
/// <param name="Line">Counted from 1; 0 = the file as a whole.</param>
/// <param name="Message">The mistake and its remedy. Never a value of the manifest, which may be a Secret.</param>
/// <param name="Column">Counted from 1; 0 = the line as a whole.</param>
internal sealed record ManifestProblem(string File, int Line, string Message, int Column = 0)
{
    /// <inheritdoc/>
    public string File { get; init => field = Shown.Plain(value); } = Shown.Plain(File);

    /// <inheritdoc/>
    public string Message { get; init => field = Shown.Plain(value); } = Shown.Plain(Message);

    /// <summary><c>sink.yaml:4:2: message</c></summary>
    public override string ToString() => (Line, Column) switch
    {
        (0, _) => $"{File}: {Message}",
        (_, 0) => FormattableString.Invariant($"{File}:{Line}: {Message}"),
        _ => FormattableString.Invariant($"{File}:{Line}:{Column}: {Message}"),
    };
}
