using System.Text.RegularExpressions;

namespace Kollect.Core.Tests.Documentation;

/// <summary>What pages name is in the goldens of the program: flags, metrics, problems, messages, targets of make.</summary>
public sealed partial class NameTests
{
    private static string Goldens(string folder) => string.Concat(
        Directory.EnumerateFiles(Repository.At("snapshots/" + folder), "*", SearchOption.AllDirectories).Select(File.ReadAllText));

    [Fact]
    public void Each_metric_of_a_page_is_written()
    {
        var metrics = File.ReadAllText(Repository.At("snapshots/telemetry/metrics.txt"));
        Assert.Empty(from found in Found(Metric()) where !metrics.Contains($"# TYPE {found.Text} ", StringComparison.Ordinal) select found);
    }

    [Fact]
    public void Each_flag_of_the_program_is_in_its_help()
    {
        var help = Goldens("cli");
        Assert.Empty(
            from found in Found(Flag())
            let name = found.Text.Split(' ', '=')[0]
            where !help.Contains($" {name} ", StringComparison.Ordinal)
            select found);
    }

    [Fact]
    public void Each_problem_of_a_page_has_a_rule()
    {
        var rules = File.ReadAllText(Repository.At("snapshots/validation/rules.txt"));
        Assert.Empty(from found in Found(Problem()) where !rules.Contains(found.Text + " ", StringComparison.Ordinal) select found);
    }

    [Fact]
    public void Each_message_of_the_troubleshooting_page_is_in_a_golden()
    {
        var goldens = Goldens("");
        var messages = Message().Matches(Pages.Read("docs/operate/troubleshooting.md")).Select(match => match.Groups[1].Value).ToArray();
        Assert.True(messages.Length > 25);
        Assert.Empty(from message in messages where !goldens.Contains(message, StringComparison.Ordinal) select message);
    }

    [Fact]
    public void Each_make_of_a_page_is_a_target()
    {
        var makefile = File.ReadAllText(Repository.At("Makefile"));
        Assert.Empty(from found in Found(Make()) where !makefile.Contains($"\n{found.Text[5..]}: ", StringComparison.Ordinal) select found);
    }

    private static IEnumerable<(string Page, string Text)> Found(Regex pattern) =>
        from page in Pages.ForUsers
        where !page.StartsWith("docs/reference/", StringComparison.Ordinal) && page != "docs/benchmarks.md"
        from match in pattern.Matches(Pages.Read(page))
        select (page, match.Value);

    /// <summary>Not <c>kollect_exports</c> and its view, and the names of tests and indexes.</summary>
    [GeneratedRegex(@"\bkollect_(?!exports\b|freshness\b|identity\b|test_|writer\b|reader\b|blue\b|green\b)\w+\w(?<!_)|\bprocess_\w+")]
    private static partial Regex Metric();

    /// <summary>In backticks: those of other programs stand in blocks.</summary>
    [GeneratedRegex(@"(?<=`)--[a-z][a-z-]+[ =]?")]
    private static partial Regex Flag();

    [GeneratedRegex(@"\bKDB\d{3}\b")]
    private static partial Regex Problem();

    [GeneratedRegex(@"(?m)^\| `(.+?)` \|")]
    private static partial Regex Message();

    [GeneratedRegex(@"(?<=`|^|\n)make [a-z]+")]
    private static partial Regex Make();
}
