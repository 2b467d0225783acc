namespace Kollect.Shell.Tests.ReferencePages;

public sealed class IndexTests
{
    /// <summary>The title and the first sentence of each page.</summary>
    [Fact]
    public void Every_page_is_in_the_index()
    {
        var pages = Directory.EnumerateFiles(Repository.At("docs/reference"), "*.md")
            .Where(file => Path.GetFileName(file) != "README.md")
            .Order(StringComparer.Ordinal);
        new ReferencePage("Reference", "Generated from the code and verified by its tests, so that it holds for this version.")
            .Items(pages.Select(file => ("", "", Line(Path.GetFileName(file), File.ReadAllText(file)))))
            .Verify("README.md");
    }

    private static string Line(string name, string page)
    {
        var title = page.Split('\n').First(line => line.StartsWith("# ", StringComparison.Ordinal))[2..];
        var lead = page[(page.IndexOf($"# {title}\n", StringComparison.Ordinal) + title.Length + 3)..].TrimStart('\n').Split("\n\n")[0].Replace('\n', ' ');
        var end = lead.IndexOf(". ", StringComparison.Ordinal);
        return $"[{title}]({name}): {(end < 0 ? lead : lead[..(end + 1)])}";
    }
}
