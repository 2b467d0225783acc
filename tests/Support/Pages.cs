using System.Text.RegularExpressions;

namespace Kollect.Tests.Support;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">Path from the root of the repository, with forward slashes.</param>
/// <param name="Line">Number of the line after the fence.</param>
/// <param name="Language">The word after the fence; may be empty.</param>
/// <param name="Text">Without the indentation of the fence.</param>
public sealed record FencedBlock(string Page, int Line, string Language, string Text)
{
    public override string ToString() => $"{Page}:{Line}";
}

/// <summary>The Markdown files of the repository, and their fenced blocks.</summary>
public static partial class Pages
{
    private static readonly string[] Folders = ["docs", "crds", "snapshots", "Core", "Shell", "Generators", "tests", "charts"];

    /// <summary>Paths from the root, with forward slashes.</summary>
    public static IEnumerable<string> All => Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(Folders.Select(Repository.At).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)))
        .Where(file => !NotOurs().IsMatch(file))
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    /// <summary>Those that users read: below <c>docs/</c>, and at the root.</summary>
    public static IEnumerable<string> ForUsers =>
        All.Where(page => page.StartsWith("docs/", StringComparison.Ordinal) || !page.Contains('/', StringComparison.Ordinal));

    public static string Read(string page) => File.ReadAllText(Repository.At(page));

    /// <summary>The fenced blocks of a page, in their order.</summary>
    public static IReadOnlyList<FencedBlock> Blocks(string page) =>
    [
        .. Fenced().Matches(Read(page)).Select(match => new FencedBlock(
            page,
            Read(page)[..match.Index].Count(c => c == '\n') + 2,
            match.Groups["language"].Value,
            string.Join('\n', match.Groups["text"].Value.Split('\n').Select(line => Unindented(line, match.Groups["indent"].Length))))),
    ];

    /// <summary>The blocks of one language on the pages for users.</summary>
    public static IEnumerable<FencedBlock> Blocks(string language, IEnumerable<string> pages) =>
        pages.SelectMany(Blocks).Where(block => block.Language == language);

    /// <summary>A page without its fenced blocks; their lines stay as empty ones.</summary>
    public static string Prose(string page) => Fenced().Replace(Read(page), match => new string('\n', match.Value.Count(c => c == '\n')));

    private static string Unindented(string line, int columns) => line.Length >= columns ? line[columns..] : line.TrimStart();

    [GeneratedRegex(@"(?m)^(?<indent> *)```(?<language>\w*)\n(?<text>(?s:.*?))\n? *```$")]
    private static partial Regex Fenced();

    [GeneratedRegex(@"[/\\](obj|bin|artifacts|node_modules)[/\\]")]
    private static partial Regex NotOurs();
}
