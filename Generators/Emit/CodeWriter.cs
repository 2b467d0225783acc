using System.Text;

namespace Kollect.Generators.Emit;

/// <summary>Lines of C# with their indentation; line ends are <c>\n</c> on every machine.</summary>
internal sealed class CodeWriter
{
    private const int MaxWidth = 120;
    private readonly StringBuilder text = new();
    private int depth;

    public void Line(string line = "") => text.Append(line.Length == 0 ? "" : new string(' ', depth * 4)).Append(line).Append('\n');

    public void Open(string? line = null)
    {
        if (line is not null)
            Line(line);
        Line("{");
        depth++;
    }

    public void Close(string end = "}")
    {
        depth--;
        Line(end);
    }

    public void Indented(Action write)
    {
        depth++;
        write();
        depth--;
    }

    /// <summary><c>All = ["a", "b"];</c> in one line where it fits; else wrapped lines between the brackets.</summary>
    public void List(string start, IEnumerable<string> items)
    {
        var list = string.Join(", ", items);
        var oneLine = $"{start} [{list}];";
        if (oneLine.Length + (depth * 4) <= MaxWidth)
        {
            Line(oneLine);
            return;
        }

        Line(start);
        Line("[");
        Indented(() => Wrapped(items.Select(item => item + ","), MaxWidth - (depth * 4)).ToList().ForEach(Line));
        Line("];");
    }

    /// <summary>One line where it fits: <c>/// &lt;summary&gt;Name of the table.&lt;/summary&gt;</c>; else wrapped lines between the tags.</summary>
    public void Summary(string doc)
    {
        var words = new string([.. doc.Where(IsXml)])
            .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Split(new char[0], StringSplitOptions.RemoveEmptyEntries);
        var escaped = string.Join(" ", words);
        var oneLine = $"/// <summary>{escaped}</summary>";
        if (oneLine.Length + (depth * 4) <= MaxWidth)
        {
            Line(oneLine);
            return;
        }

        Line("/// <summary>");
        foreach (var line in Wrapped(escaped.Split(' '), MaxWidth - 4 - (depth * 4)))
            Line("/// " + line);
        Line("/// </summary>");
    }

    public override string ToString() => text.ToString();

    /// <summary>False for a character that makes XML invalid, even where it is escaped.</summary>
    private static bool IsXml(char c) => char.IsWhiteSpace(c) || (!char.IsControl(c) && c is not ('\uFFFE' or '\uFFFF'));

    private static IEnumerable<string> Wrapped(IEnumerable<string> words, int width)
    {
        var line = "";
        foreach (var word in words)
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : line + " " + word;
        }

        yield return line;
    }
}
