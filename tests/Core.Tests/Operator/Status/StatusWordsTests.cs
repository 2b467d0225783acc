using System.Text.RegularExpressions;
using Kollect.Core.Failures;
using Kollect.Core.Operator;

namespace Kollect.Core.Tests.Operator.Status;

/// <summary>
/// A status is read by users of the cluster, who neither start the operator nor run <c>kollect</c>: no flags, no commands of the program, no exit codes, no
/// files. What only the operator's administrator can do is said as such. Shell commands and kubectl's, which prepare a manifest, are allowed.
/// </summary>
public sealed partial class StatusWordsTests
{
    // Goldens of what reaches a condition or an event: its tables, and the errors and gaps that it quotes.
    private static readonly string[] Folders =
        ["admission", "bigquery", "collection", "conditions", "connections", "mongodb", "network", "postgres", "scheduling"];

    [Fact]
    public void No_golden_of_a_status_speaks_of_the_command_line()
    {
        var lines =
            from folder in Folders
            from file in Directory.EnumerateFiles(Repository.At($"snapshots/{folder}"), "*", SearchOption.AllDirectories)
            where Path.GetExtension(file) is ".txt" or ".json"
            from line in File.ReadLines(file)
            select (Path.GetRelativePath(Repository.At("snapshots"), file), line);
        var all = lines.ToArray();
        Assert.True(all.Length > 500, "the goldens have moved");
        Assert.DoesNotContain(all, it => CommandLine().IsMatch(Kubectl().Replace(it.line, "kubectl")));
    }

    [Fact]
    public void Neither_does_a_failure_of_the_work_or_of_the_dial_guard()
    {
        Assert.DoesNotMatch(CommandLine(), WorkFailures.TookTooLong(TimeSpan.FromMinutes(15), Stage.Export).Message);
        Assert.DoesNotMatch(CommandLine(), WorkFailures.OfDefect("NullReferenceException").Message);
        Assert.All(Enum.GetValues<DialObjection>(), it => Assert.DoesNotMatch(CommandLine(), $"{it.Said()} {it.Remedy()}"));
    }

    [Theory]
    [InlineData("raise the operator's --export-timeout")]
    [InlineData("grant the role what `kollect plan` lists")]
    [InlineData("kollect: exit 3")]
    [InlineData("correct sink.yaml")]
    [InlineData("see stderr")]
    public void The_pattern_finds_words_of_the_command_line(string message) => Assert.Matches(CommandLine(), message);

    [GeneratedRegex(@"kubectl [a-z -]+")]
    private static partial Regex Kubectl();

    [GeneratedRegex(
        @"(?<![\w'-])--[a-z]|\bkollect:? (validate|plan|probe|export|demo|crds|operator)\b|\bexit (code )?\d|\bstd(in|out|err)\b|\w\.ya?ml\b|command line")]
    private static partial Regex CommandLine();
}
