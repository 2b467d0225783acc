using System.IO.Enumeration;
using System.Text;

namespace Kollect.Shell.Manifests;

/// <summary>The values of <c>-f</c> as kubectl reads them: lists separated by commas, and patterns that no shell has expanded.</summary>
internal static class ManifestSources
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

    /// <summary>In time proportional to the product of the lengths: of several stars only the last one is tried again.</summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (at, from, star, retry) = (0, 0, -1, 0);
        while (from < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
                (star, retry) = (at++, from);
            else if (LengthOfMatch(pattern[at..], name[from]) is var length and > 0)
                (at, from) = (at + length, from + 1);
            else if (star >= 0)
                (at, from) = (star + 1, ++retry);
            else
                return false;
        }

        return pattern[at..].Trim('*').IsEmpty;
    }

    /// <summary>The length of the pattern's first part, where it takes this letter; 0 = it does not.</summary>
    private static int LengthOfMatch(ReadOnlySpan<char> pattern, char letter) => pattern switch
    {
        ['[', .. var set] when set.IndexOf(']') is var end and > 0 => InClass(set[..end], letter) ? end + 2 : 0,
        ['\\', var escaped, ..] => escaped == letter ? 2 : 0,
        ['?', ..] => 1,
        [var same, ..] => same == letter ? 1 : 0,
        [] => 0,
    };

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
