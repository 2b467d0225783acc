using System.Text;

namespace Kollect.Shell.Manifests;

/// <summary>Path within an object -> line of its file.</summary>
public sealed class SourceMap
{
    private const char Separator = '\0';

    private readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);

    internal SourceMap(string file, int firstLine)
    {
        File = file;
        lines[""] = firstLine;
    }

    /// <summary>As it was given on the command line.</summary>
    public string File { get; }

    /// <summary>The line, from 1, of a path as Kubernetes writes it; of its nearest parent where the path is not in the file.</summary>
    /// <param name="path"><c>spec.options[statement_timeout]</c>, <c>status.conditions[0].type</c>; empty = the object.</param>
    public int LineOf(string path)
    {
        for (var key = Key(path); ; key = key[..key.LastIndexOf(Separator)])
            if (lines.TryGetValue(key, out var line))
                return line;
    }

    internal static string Child(string parent, string name) => parent + Separator + name;

    internal void Add(string key, int line) => lines[key] = line;

    // spec.options[a.b/c] -> \0spec\0options\0a.b/c
    private static string Key(string path)
    {
        var key = new StringBuilder();
        var start = 0;
        var inBrackets = false;
        for (var at = 0; at <= path.Length; at++)
        {
            var ends = at == path.Length || (inBrackets ? path[at] == ']' : path[at] is '.' or '[');
            if (!ends)
                continue;
            if (at > start)
                key.Append(Separator).Append(path, start, at - start);
            inBrackets = at < path.Length && path[at] == '[';
            start = at + 1;
        }

        return key.ToString();
    }
}
