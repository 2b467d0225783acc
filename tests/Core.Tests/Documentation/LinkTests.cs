using System.Text.RegularExpressions;

namespace Kollect.Core.Tests.Documentation;

/// <summary>Links of the Markdown files lead somewhere.</summary>
public sealed partial class LinkTests
{
    private const string Index = "docs/README.md";

    [Fact]
    public void Each_relative_link_leads_to_a_file_and_each_anchor_to_a_heading()
    {
        var links = Pages.All.SelectMany(page => Links(page).Select(target => (Page: page, Target: target))).ToArray();
        Assert.True(links.Length > 150, $"only {links.Length} links were found");
        Assert.Empty(links.Where(link => Broken(link.Page, link.Target)).Select(link => $"{link.Page}: {link.Target}"));
    }

    [Fact]
    public void The_index_links_each_page()
    {
        var linked = Links(Index).Select(target => Resolved(Index, target.Split('#')[0])).ToArray();
        Assert.Empty(
            from page in Pages.All
            where page.StartsWith("docs/", StringComparison.Ordinal) && page != Index && !linked.Contains(page)
            select page);
    }

    [Theory]
    [InlineData("## Coming from Kollect (Go)", "coming-from-kollect-go")]
    [InlineData("### `--shards`: N, and more", "--shards-n-and-more")]
    [InlineData("## [Unreleased]", "unreleased")]
    public void An_anchor_is_made_as_GitHub_makes_it(string heading, string anchor) => Assert.Equal(anchor, Anchor(heading));

    private static IEnumerable<string> Links(string page) => Link().Matches(Code().Replace(Pages.Prose(page), ""))
        .Select(match => match.Groups[1].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

    private static bool Broken(string page, string target)
    {
        var (path, anchor) = target.Split('#') is [var before, var after] ? (before, after) : (target, "");
        var file = path.Length == 0 ? page : Resolved(page, path);
        if (!File.Exists(Repository.At(file)) && !Directory.Exists(Repository.At(file)))
            return true;
        return anchor.Length > 0 && !Headings(file).Contains(anchor);
    }

    private static string Resolved(string page, string path) => Path
        .GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page) ?? "", path)))
        .Replace('\\', '/');

    private static IEnumerable<string> Headings(string page) => Pages.Prose(page).Split('\n')
        .Where(line => line.StartsWith('#'))
        .Select(Anchor);

    /// <summary>GitHub: lower case, without punctuation but '-' and '_', a hyphen for each space.</summary>
    private static string Anchor(string heading)
    {
        var text = Link().Replace(heading.TrimStart('#').Trim(), match => match.Value[1..match.Value.IndexOf(']', StringComparison.Ordinal)]);
        return string.Concat(text.ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ')).Replace(' ', '-');
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<!\[)`[^`\n]*`(?!\])")]
    private static partial Regex Code();
}
