using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Kollect.Core.Formatting;
using Kollect.Core.Operator.Status;

namespace Kollect.Host.Operator;

/// <summary>The overview as HTML: one document without script, image or font of its own, readable in light and dark and at 320 px.</summary>
internal static partial class StatusHtml
{
    /// <summary>After so many seconds the browser loads the page anew.</summary>
    private const int Reload = 10;

    private const string Green = "1a7f37", Amber = "9a6700", Red = "cf222e";

    // The colours of text have a contrast of 4.5 or more to their ground (WCAG 2.2, 1.4.3). In a narrow window the details go below the name.
    private const string Style =
        """
        :root {
          color-scheme: light dark; --text: #1f2328; --soft: #59636e; --ground: #f6f8fa; --card: #fff; --line: #d1d9e0;
          --good: #116329; --good-ground: #dafbe1; --fair: #7d4e00; --fair-ground: #fff1c2; --bad: #a40e26; --bad-ground: #ffe2e0;
        }
        @media (prefers-color-scheme: dark) { :root {
          --text: #e6edf3; --soft: #9aa5b1; --ground: #0d1117; --card: #161b22; --line: #30363d;
          --good: #7ee787; --good-ground: #12351e; --fair: #f2cc60; --fair-ground: #3a2d0a; --bad: #ffa198; --bad-ground: #4a1b1d;
        } }
        body { margin: 0 auto; padding: 1.5rem; max-width: 70rem; font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground) }
        header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .9rem; margin-bottom: 1.25rem }
        h1 { margin: 0; font-size: 1.5rem }
        h1 + p { font-weight: 600 }
        p { margin: 0; overflow-wrap: anywhere }
        .soft { color: var(--soft) }
        header .soft { margin-left: auto; font-size: .87rem }
        table { width: 100%; margin-bottom: 1rem; table-layout: fixed; border-collapse: collapse; border: 1px solid var(--line); background: var(--card) }
        tr + tr { border-top: 1px solid var(--line) }
        th, td { padding: .5rem .9rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
        time { white-space: nowrap }
        th { width: 17rem; font-weight: 400 }
        th b { font-weight: 600 }
        .part th { padding-left: 2.2rem }
        th + td { width: 5.2rem; white-space: nowrap }
        .state { display: inline-block; padding: 0 .6em; border-radius: 1em; font-size: .87rem; font-weight: 600 }
        .Ready .state { color: var(--good); background: var(--good-ground) }
        .Degraded .state, .Waiting .state { color: var(--fair); background: var(--fair-ground) }
        .NotReady .state { color: var(--bad); background: var(--bad-ground) }
        .failure { padding: .9rem; border-radius: .4rem; color: var(--bad); background: var(--bad-ground) }
        @media (max-width: 45rem) {
          body { padding: 1rem }
          header .soft { margin-left: 0 }
          table, tbody { display: block }
          tr { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .8rem; padding: .6rem .9rem }
          .part { padding-left: 2.2rem }
          tr th, .part th, tr td { padding: 0; width: auto }
          th { flex: 1; min-width: 10rem }
          td + td { flex-basis: 100% }
        }
        """;

    /// <summary>The tree; inventories that are not ready come first.</summary>
    /// <param name="at">When the objects were read.</param>
    public static string Of(StatusTree tree, DateTimeOffset at)
    {
        var groups = Groups(StatusLines.Of(tree, at)).OrderBy(group => group.All(line => line.Word is StateWord.Ready or StateWord.Degraded)).ToArray();
        var body = groups.Length == 0
            ? "<p>There is no inventory yet. The command <code>kollect init</code> prints what makes one.</p>"
            : string.Concat(groups.Select(Table));
        return Page(StatusLines.Summary(tree), tree.IsReady ? Green : Red, $"<p class=\"soft\">{Times.Seconds(at)}, loads anew every {Reload} s</p>", body);
    }

    /// <summary>A page that says why there is no tree; it loads itself anew as well.</summary>
    public static string OfFailure(string message) => Page("no overview", Amber, "", $"<p class=\"failure\">{Text(message)}</p>");

    /// <summary>An inventory with its parts; what no inventory uses is a group of its own.</summary>
    private static IEnumerable<List<StatusLine>> Groups(Seq<StatusLine> lines)
    {
        List<StatusLine> group = [];
        foreach (var line in lines)
        {
            if (line.Branch.Length == 0 && group.Count > 0)
            {
                yield return group;
                group = [];
            }

            group.Add(line);
        }

        if (group.Count > 0)
            yield return group;
    }

    // <table>
    // <tr class="NotReady"><th scope="row">inventory <b>shop/all</b><td><span class="state">not ready</span><td><p>ExportRefused</p><p class="soft">2 items</p>
    private static string Table(List<StatusLine> group)
    {
        var rows = new StringBuilder("<table>\n");
        foreach (var line in group)
        {
            var name = line.Name.LastIndexOf(' ') + 1;
            var part = line.Branch.Length == 0 ? "" : " part";
            rows.Append(
                CultureInfo.InvariantCulture,
                $"<tr class=\"{line.Word}{part}\"><th scope=\"row\">{Text(line.Name[..name])}<b>{Text(line.Name[name..])}</b>"
                + $"<td><span class=\"state\">{Text(StatusLines.Text(line.Word))}</span>"
                + $"<td>{Paragraph(line.Why, "")}{Paragraph(line.Facts, " class=\"soft\"")}\n");
        }

        return rows.Append("</table>\n").ToString();
    }

    private static string Paragraph(string text, string attribute) =>
        text.Length == 0 ? "" : $"<p{attribute}>{Time().Replace(Text(text), "<time>$0</time>")}</p>";

    /// <summary>An icon in one colour, as a part of a URL.</summary>
    private static string Dot(string colour) => Uri.EscapeDataString(
        $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='7' fill='#{colour}'/></svg>");

    private static string Page(string summary, string colour, string when, string body) =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <meta http-equiv="refresh" content="{Reload}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{summary} – Kollect</title>
        <link rel="icon" href="data:image/svg+xml,{Dot(colour)}">
        <style>
        {Style}
        </style>
        <header><h1>Kollect</h1><p>{summary}</p>{when}</header>
        {body}
        </html>

        """;

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>As <see cref="Times.Seconds"/> writes them; without it they would be broken at their hyphens.</summary>
    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Time();
}
