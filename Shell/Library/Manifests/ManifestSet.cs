namespace Kollect.Shell.Manifests;

/// <summary>The documents of all <c>-f</c> sources, and the problems of those that cannot be read.</summary>
/// <param name="Documents">In file order; a <c>List</c> is replaced by its items.</param>
/// <param name="Problems">Empty = everything was read.</param>
public sealed record ManifestSet(Seq<ManifestDocument> Documents, Seq<ManifestProblem> Problems)
{
    /// <summary>No documents and no problems.</summary>
    public static ManifestSet Empty { get; } = new(Seq<ManifestDocument>(), Seq<ManifestProblem>());

    /// <summary>Concatenates sets in order.</summary>
    public static ManifestSet Concat(IEnumerable<ManifestSet> sets)
    {
        var all = sets.ToList();
        return new ManifestSet(
            all.SelectMany(set => set.Documents).ToSeq().Strict(),
            all.SelectMany(set => set.Problems).ToSeq().Strict());
    }

    internal static ManifestSet Of(ManifestProblem problem) => Empty with { Problems = Seq1(problem) };
}

/// <summary>One Kubernetes object in a file.</summary>
/// <remarks>Prints as <c>Secret shop/database</c>, never its content: the content may be a Secret.</remarks>
/// <param name="apiVersion">Never empty.</param>
/// <param name="kind">Never empty.</param>
/// <param name="ns">Never empty.</param>
/// <param name="name">Never empty.</param>
/// <param name="json">UTF-8.</param>
/// <param name="source">Line numbers of the fields.</param>
public sealed class ManifestDocument(
    string apiVersion, string kind, string ns, string name, ReadOnlyMemory<byte> json, SourceMap source)
{
    /// <summary><c>kollect.dev/v1alpha1</c>.</summary>
    public string ApiVersion { get; } = apiVersion;

    /// <summary><c>KollectDatabaseSink</c>.</summary>
    public string Kind { get; } = kind;

    /// <summary><c>metadata.namespace</c>; <c>default</c> where the manifest has none.</summary>
    public string Namespace { get; } = ns;

    /// <summary><c>metadata.name</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The whole object as UTF-8 JSON, at most 3 MiB and 64 levels deep. Must not be printed: it may be a Secret.</summary>
    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>Line numbers of the fields.</summary>
    public SourceMap Source { get; } = source;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}

/// <summary>A source or document that cannot be read.</summary>
/// <param name="File">As given on the command line, or a file of a folder given there; <c>-</c> is standard input.</param>
/// <param name="Line">Counted from 1; 0 = the file as a whole.</param>
/// <param name="Message">The mistake and its remedy. Never a value of the manifest, which may be a Secret.</param>
/// <param name="Column">Counted from 1; 0 = the line as a whole.</param>
public sealed record ManifestProblem(string File, int Line, string Message, int Column = 0)
{
    /// <summary><c>sink.yaml:4:2: message</c></summary>
    public override string ToString() => (Line, Column) switch
    {
        (0, _) => $"{File}: {Message}",
        (_, 0) => FormattableString.Invariant($"{File}:{Line}: {Message}"),
        _ => FormattableString.Invariant($"{File}:{Line}:{Column}: {Message}"),
    };
}
