namespace Kollect.Shell.Manifests;

/// <summary>One object of a manifest file. Its text never shows the content: that may be a Secret.</summary>
/// <param name="apiVersion"><c>kollect.dev/v1alpha1</c>; empty = not given.</param>
/// <param name="kind">Empty = not given.</param>
/// <param name="ns"><c>metadata.namespace</c>; <c>default</c> where the file names none.</param>
/// <param name="name"><c>metadata.name</c>; empty = not given.</param>
/// <param name="json">The object as UTF-8 JSON.</param>
/// <param name="source">Where its parts stand.</param>
public sealed class ManifestDocument(string apiVersion, string kind, string ns, string name, byte[] json, SourceMap source)
{
    /// <summary><c>kollect.dev/v1alpha1</c>; empty = not given.</summary>
    public string ApiVersion => apiVersion;

    /// <summary>Empty = not given.</summary>
    public string Kind => kind;

    /// <summary><c>default</c> where the file names none.</summary>
    public string Namespace => ns;

    /// <summary>Empty = not given.</summary>
    public string Name => name;

    /// <summary>The object as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Json => json;

    /// <summary>Where its parts stand.</summary>
    public SourceMap Source => source;

    /// <summary><c>Secret shop/dsn</c></summary>
    public override string ToString() => $"{kind} {ns}/{name}";
}

/// <summary>Something wrong with a file.</summary>
/// <param name="File">As it was given on the command line; <c>-</c> is standard input.</param>
/// <param name="Line">From 1; 0 = the file as a whole.</param>
/// <param name="Message">One line; never shows a value of a Secret.</param>
public sealed record ManifestProblem(string File, int Line, string Message)
{
    /// <summary><c>sink.yaml:17: …</c></summary>
    public override string ToString() => Line == 0 ? $"{File}: {Message}" : FormattableString.Invariant($"{File}:{Line}: {Message}");
}

/// <summary>What some files hold.</summary>
/// <param name="Documents">In the order of the files; items of a <c>List</c> one by one.</param>
/// <param name="Problems">Everything that could not be read.</param>
public sealed record ManifestSet(Seq<ManifestDocument> Documents, Seq<ManifestProblem> Problems);
