using System.Text;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>The lines below the header of a block scalar.</summary>
/// <param name="Count">Number of lines, blank ones included.</param>
/// <param name="Indent">Columns that belong to the indentation.</param>
internal readonly record struct BlockLines(string Value, int Count, int Indent)
{
    /// <summary>The lines of a text without their breaks; a break at the end of the text ends the last line.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    /// <summary>False = the scalar is left to the parser: a tab stands in its indentation, or it has another line break than \n.</summary>
    /// <param name="from">Index of the first line below the header.</param>
    public static bool TryRead(IReadOnlyList<string> lines, int from, BlockScalars.Header header, out BlockLines block)
    {
        block = default;
        var first = from;
        var longest = 0;
        for (; first < lines.Count && IsBlank(lines[first], header.Indent == 0 ? int.MaxValue : header.Indent); first++)
            longest = Math.Max(longest, lines[first].Length);
        var indent = header.Indent > 0 ? header.Indent
            : Math.Max(Math.Max(longest, first < lines.Count ? Spaces(lines[first]) : 0), Math.Max(header.Parent + 1, 1));
        var end = first;
        while (end < lines.Count && (IsBlank(lines[end], indent) || Spaces(lines[end]) >= indent))
            end++;
        if ((end < lines.Count && IsTab(lines[end], Spaces(lines[end]))) || (header.Indent == 0 && end > first && IsTab(lines[first], indent)))
            return false;
        var content = lines.Skip(from).Take(end - from).ToArray();
        block = new BlockLines(ValueOf(content, indent, header), content.Length, indent);
        return !content.Any(line => line.AsSpan().ContainsAny("\u0085\u2028\u2029"));
    }

    /// <summary>A line is blank where nothing follows the indentation; further spaces are content.</summary>
    private static bool IsBlank(string line, int indent) => line.Length <= indent && Spaces(line) == line.Length;

    private static bool IsTab(string line, int at) => at < line.Length && line[at] == '\t';

    private static int Spaces(string line) => line.AsSpan().IndexOfAnyExcept(' ') is var at and >= 0 ? at : line.Length;

    private static string ValueOf(IEnumerable<string> lines, int indent, BlockScalars.Header header)
    {
        var value = new StringBuilder();
        var (breaks, isFirst, wasIndented) = (0, true, false);
        foreach (var line in lines)
        {
            if (IsBlank(line, indent))
            {
                breaks++;
                continue;
            }

            var isIndented = line[indent] is ' ' or '\t';
            if (!isFirst)
                value.Append(header.IsFolded && !wasIndented && !isIndented ? (breaks == 0 ? " " : "") : "\n");
            value.Append('\n', breaks).Append(line, indent, line.Length - indent);
            (breaks, isFirst, wasIndented) = (0, false, isIndented);
        }

        if (header.Chomping != '-' && !isFirst)
            value.Append('\n');
        if (header.Chomping == '+')
            value.Append('\n', breaks);
        return value.ToString();
    }
}
