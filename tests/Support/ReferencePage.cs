using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kollect.Tests.Support;

/// <summary>A page under <c>docs/reference/</c>: Markdown whose prose is wrapped, with the names of fields and annotations set as code.</summary>
public sealed partial class ReferencePage
{
    private const int Width = 120;

    private readonly StringBuilder text = new();

    /// <param name="title">The heading.</param>
    /// <param name="lead">The first paragraph; its first sentence stands in the index.</param>
    public ReferencePage(string title, string lead)
    {
        text.Append("<!-- Generated from the code by a test: make snapshots rewrites this page. -->\n\n");
        Heading(1, title);
        Paragraph(lead);
    }

    public ReferencePage Heading(int level, string title)
    {
        text.Append('#', level).Append(' ').Append(title).Append("\n\n");
        return this;
    }

    /// <summary>A paragraph of prose.</summary>
    public ReferencePage Paragraph(string prose)
    {
        text.Append(Wrapped(Marked(prose), "", "")).Append('\n');
        return this;
    }

    /// <summary>A list of items, each with a name in code, facts in italics, and prose; empty parts are left out.</summary>
    public ReferencePage Items(IEnumerable<(string Name, string Facts, string Prose)> items)
    {
        foreach (var (name, facts, prose) in items)
            text.Append(Wrapped(
                string.Join(' ', [name.Length == 0 ? "" : $"**`{name}`**", facts.Length == 0 ? "" : $"*({Marked(facts)})*", Marked(prose)]),
                "- ",
                "  "));
        text.Append('\n');
        return this;
    }

    /// <summary>Lines that are shown as they are; nothing for no lines.</summary>
    public ReferencePage Code(IEnumerable<string> lines, string language = "")
    {
        if (lines.ToArray() is { Length: > 0 } all)
            text.Append(CultureInfo.InvariantCulture, $"```{language}\n{string.Join('\n', all)}\n```\n\n");
        return this;
    }

    /// <summary>A table of short cells.</summary>
    public ReferencePage Table(string[] header, IEnumerable<string[]> rows)
    {
        Row(header);
        Row([.. header.Select(_ => "---")]);
        foreach (var row in rows)
            Row(row);
        text.Append('\n');
        return this;

        void Row(string[] cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
    }

    /// <summary>Compares the page with the file.</summary>
    public void Verify(string name) => Golden.VerifyPage(ToString(), name);

    public override string ToString() => text.ToString().TrimEnd('\n') + "\n";

    /// <summary>Fields, annotations and options in code; signs that Markdown would read are escaped.</summary>
    private static string Marked(string prose) =>
        Name().Replace(prose, it => it.Value.StartsWith('`') ? it.Value : it.Value is "*" or "<" ? $"\\{it.Value}" : $"`{it.Value}`");

    private static string Wrapped(string prose, string first, string others)
    {
        var (lines, line) = (new StringBuilder(), new StringBuilder(first));
        foreach (var word in prose.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var isFirst = line.Length == (lines.Length == 0 ? first : others).Length;
            if (!isFirst && line.Length + 1 + word.Length > Width)
            {
                lines.Append(line).Append('\n');
                line.Clear().Append(others);
                isFirst = true;
            }

            line.Append(isFirst ? "" : " ").Append(word);
        }

        return lines.Append(line).Append('\n').ToString();
    }

    [GeneratedRegex(@"`[^`]*`|(?<![\w/.(])(spec|status|metadata|options)\.[A-Za-z_]+(\.[A-Za-z_]+)*|kollect\.dev/[a-z-]+(=[a-z]+)?|[*<]")]
    private static partial Regex Name();
}
