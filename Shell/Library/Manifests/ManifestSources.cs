using System.IO.Enumeration;
using System.Text;

namespace Kollect.Shell.Manifests;

/// <summary>The values of <c>-f</c> as kubectl reads them: lists separated by commas, and patterns that no shell has expanded.</summary>
public static class ManifestSources
{
    /// <summary>Standard input.</summary>
    public const string Stdin = "-";

    private static readonly char[] Wildcards = ['*', '?', '['];

    /// <summary>
    /// Splits <c>a.yaml,b.yaml</c>; a part within double quotes may contain commas (pflag's <c>StringSlice</c>, which reads CSV). A file whose
    /// name contains a comma is taken as it is.
    /// </summary>
    public static IEnumerable<string> Split(IEnumerable<string> values) =>
        values.SelectMany(value => File.Exists(value) || Directory.Exists(value) ? [value] : Parts(value));

    /// <summary>
    /// The files and folders that match, in ordinal order; a name that exists, or that contains no wildcard, matches itself. The wildcards
    /// <c>*</c>, <c>?</c> and <c>[a-z]</c> match within a name, not across <c>/</c> (Go's <c>filepath.Glob</c>).
    /// </summary>
    internal static IReadOnlyList<string> Expand(string source) =>
        source.IndexOfAny(Wildcards) < 0 || File.Exists(source) || Directory.Exists(source) ? [source] : [.. Matching(source)];

    private static IEnumerable<string> Matching(string pattern)
    {
        var name = Path.GetFileName(pattern);
        var folder = pattern[..^name.Length];
        var parent = folder.TrimEnd('/');
        var folders = parent.IndexOfAny(Wildcards) < 0 ? [folder] : Matching(parent).Where(Directory.Exists).Select(it => it + "/");
        return name.IndexOfAny(Wildcards) < 0
            ? folders.Select(it => it + name).Where(Path.Exists)
            : folders.SelectMany(it => Names(it).Where(entry => Matches(name, entry)).Order(StringComparer.Ordinal).Select(entry => it + entry));
    }

    private static IEnumerable<string> Names(string folder) => new FileSystemEnumerable<string>(
        folder.Length == 0 ? "." : folder,
        (ref FileSystemEntry entry) => entry.FileName.ToString(),
        new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = true });

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern.IsEmpty || name.IsEmpty)
            return pattern.Trim('*').IsEmpty && name.IsEmpty;
        switch (pattern[0])
        {
            case '*':
                return Matches(pattern[1..], name) || Matches(pattern, name[1..]);
            case '[' when pattern[1..].IndexOf(']') is var end and > 0:
                return InClass(pattern.Slice(1, end), name[0]) && Matches(pattern[(end + 2)..], name[1..]);
            case '\\' when pattern.Length > 1:
                return pattern[1] == name[0] && Matches(pattern[2..], name[1..]);
            default:
                return (pattern[0] == '?' || pattern[0] == name[0]) && Matches(pattern[1..], name[1..]);
        }
    }

    // "a-z", "abc", "^a"
    private static bool InClass(ReadOnlySpan<char> set, char letter)
    {
        var isNegated = set[0] == '^';
        var isMember = false;
        for (var rest = isNegated ? set[1..] : set; !rest.IsEmpty;)
        {
            var last = rest.Length > 2 && rest[1] == '-' ? rest[2] : rest[0];
            isMember |= letter >= rest[0] && letter <= last;
            rest = rest[(rest.Length > 2 && rest[1] == '-' ? 3 : 1)..];
        }

        return isMember != isNegated;
    }

    private static IEnumerable<string> Parts(string value)
    {
        var part = new StringBuilder();
        var isQuoted = false;
        foreach (var letter in value)
        {
            if (letter == '"')
                isQuoted = !isQuoted;
            else if (letter == ',' && !isQuoted)
            {
                yield return part.ToString();
                part.Clear();
            }
            else
                part.Append(letter);
        }

        yield return part.ToString();
    }
}
