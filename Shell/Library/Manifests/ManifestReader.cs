namespace Kollect.Shell.Manifests;

/// <summary>Reads the sources of <c>-f</c>: a file, the files of a folder or of a pattern, or <c>-</c> for stdin, as in <c>kubectl apply -f</c>.</summary>
internal static class ManifestReader
{
    /// <summary>Bytes. A limit of this program, not of Kubernetes: a larger file is most likely a snapshot.</summary>
    public const int MaxFileBytes = 32 * 1024 * 1024;

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>
    /// Reads all of <paramref name="sources"/> in order, a folder's <c>*.yaml</c>, <c>*.yml</c> and <c>*.json</c> in
    /// ordinal order of their names and without its subfolders. An unreadable source becomes a problem, never an exception.
    /// </summary>
    /// <param name="sources">The values of <c>-f</c>, see <see cref="ManifestSources"/>; empty = nothing is read.</param>
    /// <param name="stdin">Read only for <c>-</c>, once, and left open.</param>
    public static Task<ManifestSet> ReadAsync(IEnumerable<string> sources, Stream stdin, CancellationToken cancel) =>
        ReadAsync(sources, isRecursive: false, stdin, cancel);

    /// <inheritdoc cref="ReadAsync(IEnumerable{string}, Stream, CancellationToken)"/>
    /// <param name="isRecursive">Subfolders are read too, each at its place among the names of the folder's files: <c>kubectl apply -R -f</c>.</param>
    public static async Task<ManifestSet> ReadAsync(IEnumerable<string> sources, bool isRecursive, Stream stdin, CancellationToken cancel)
    {
        var sets = new List<ManifestSet>();
        var stdinTaken = false;
        foreach (var source in ManifestSources.Split(sources))
        {
            sets.Add(source switch
            {
                ManifestSources.Stdin when stdinTaken => Wrong(source, "is given twice, but standard input can be read only once; remove one"),
                ManifestSources.Stdin => NotEmpty(source, await ReadStreamAsync(source, () => stdin, leaveOpen: true, cancel)),
                _ when IsUrl(source) => Wrong(source, "is a URL, and nothing is downloaded; give the file: curl -sSL URL | kollect … -f -"),
                _ => await ReadMatchingAsync(source, isRecursive, cancel),
            });
            stdinTaken |= source == ManifestSources.Stdin;
        }

        return ManifestSet.Concat(sets);
    }

    private static bool IsUrl(string source) =>
        source.StartsWith("http://", StringComparison.Ordinal) || source.StartsWith("https://", StringComparison.Ordinal);

    private static async Task<ManifestSet> ReadMatchingAsync(string source, bool isRecursive, CancellationToken cancel)
    {
        try
        {
            var paths = ManifestSources.Expand(source);
            if (paths.Count == 0)
                return Wrong(source, "matches no file");
            var sets = new List<ManifestSet>();
            foreach (var path in paths)
                sets.Add(Directory.Exists(path) ? await ReadFolderAsync(path, isRecursive, cancel) : NotEmpty(path, await ReadFileAsync(path, cancel)));
            return ManifestSet.Concat(sets);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Wrong(source, Reason(e));
        }
    }

    private static async Task<ManifestSet> ReadFolderAsync(string folder, bool isRecursive, CancellationToken cancel)
    {
        try
        {
            var sets = new List<ManifestSet>();
            foreach (var file in Files(folder, isRecursive))
                sets.Add(await ReadFileAsync(file, cancel));
            return sets.Count > 0
                ? ManifestSet.Concat(sets)
                : Wrong(folder, "the folder has no *.yaml, *.yml or *.json" + (isRecursive ? "" : "; its subfolders are searched with -R only"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Wrong(folder, Reason(e));
        }
    }

    /// <summary>In the order of Go's <c>filepath.Walk</c>, which follows no link to a folder.</summary>
    private static IEnumerable<string> Files(string folder, bool isRecursive) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(it => it.Name, StringComparer.Ordinal).SelectMany(it => it switch
        {
            DirectoryInfo { LinkTarget: null } when isRecursive => Files(Path.Combine(folder, it.Name), isRecursive),
            FileInfo when Extensions.Contains(it.Extension, StringComparer.Ordinal) => [Path.Combine(folder, it.Name)],
            _ => [],
        });

    private static Task<ManifestSet> ReadFileAsync(string file, CancellationToken cancel) =>
        ReadStreamAsync(file, () => File.OpenRead(file), leaveOpen: false, cancel);

    private static async Task<ManifestSet> ReadStreamAsync(string file, Func<Stream> open, bool leaveOpen, CancellationToken cancel)
    {
        try
        {
            var stream = open();
            await using var closing = leaveOpen ? null : stream;
            return await BytesAsync(stream, cancel) is { } content
                ? ManifestText.Read(file, content)
                : Wrong(file, $"is larger than {MaxFileBytes / 1024 / 1024} MiB; manifests are small: is this the snapshot? give it with --items");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Wrong(file, Reason(e));
        }
    }

    // One of many files may be empty, as a template of Helm is whose condition is false.
    private static ManifestSet NotEmpty(string file, ManifestSet set) =>
        set.Documents.IsEmpty && set.Problems.IsEmpty && set.Warnings.IsEmpty ? Wrong(file, "holds no object") : set;

    /// <summary>Null = more than <see cref="MaxFileBytes"/>, which also ends the read of a device.</summary>
    private static async Task<byte[]?> BytesAsync(Stream stream, CancellationToken cancel)
    {
        using var content = new MemoryStream();
        var part = new byte[64 * 1024];
        while (await stream.ReadAsync(part, cancel) is var count and > 0)
        {
            content.Write(part, 0, count);
            if (content.Length > MaxFileBytes)
                return null;
        }

        return content.ToArray();
    }

    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        UnauthorizedAccessException => "cannot be read: permission denied",
        PathTooLongException => "cannot be read: the path is too long",
        ArgumentException => "is not a path",
        _ => "cannot be read: the system refuses it (" + e.GetType().Name + ")",
    };

    private static ManifestSet Wrong(string file, string message) => ManifestSet.Of(new ManifestProblem(file, 0, message));
}
