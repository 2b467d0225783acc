using System.Text.RegularExpressions;

namespace Kollect.Core.Tests.Documentation;

/// <summary>The commands <c>kollect …</c> in the blocks of pages, compared with the help of the program.</summary>
public sealed partial class CommandTests
{
    [Fact]
    public void Each_command_of_a_page_exists_with_its_options()
    {
        var commands = Pages.Blocks("sh", Pages.ForUsers).SelectMany(block => Commands(block.Text).Select(command => (block, command))).ToArray();
        Assert.True(commands.Length >= 10, $"only {commands.Length} commands were found");
        Assert.Empty(commands.SelectMany(it => Objections(it.command).Select(why => $"{it.block}: {string.Join(' ', it.command)}: {why}")));
    }

    /// <summary>Files of the repository; others are the reader's.</summary>
    [Fact]
    public void Each_path_of_the_repository_in_a_command_exists() => Assert.Empty(
        from block in Pages.Blocks("sh", Pages.ForUsers)
        from match in OurPath().Matches(block.Text)
        where !Path.Exists(Repository.At(match.Value.TrimEnd('/', '.')))
        select $"{block}: {match.Value}");

    [Theory]
    [InlineData("kollect exprot", "no such command")]
    [InlineData("kollect plan -f a --onfline", "--onfline")]
    [InlineData("kollect export -f a", "--inventory is required")]
    [InlineData("kollect crds more", "takes no more")]
    [InlineData("kollect plan -f", "-f needs a value")]
    [InlineData("kubectl get x | kollect plan -f a --sink=b/c --offline # what it is", null)]
    public void A_wrong_command_is_found(string text, string? objection)
    {
        var found = Objections(Assert.Single(Commands(text))).ToArray();
        if (objection is null)
            Assert.Empty(found);
        else
            Assert.Contains(objection, Assert.Single(found), StringComparison.Ordinal);
    }

    /// <summary>The words of each call of the program, without its own name.</summary>
    private static IEnumerable<string[]> Commands(string block) =>
        from line in block.Replace("\\\n", " ", StringComparison.Ordinal).Replace("|\n", "| ", StringComparison.Ordinal).Split('\n')
        from part in Comment().Replace(line, "").Split('|')
        let words = Word().Matches(part).Select(match => match.Value).ToArray()
        where words is ["kollect" or "bin/kollect", ..]
        select words[1..];

    private static IEnumerable<string> Objections(string[] words)
    {
        var command = words.FirstOrDefault(word => !word.StartsWith('-'));
        var path = Repository.At($"snapshots/cli/help{(command is null ? "" : "-" + command)}.txt");
        if (!File.Exists(path))
            return [$"no such command: {command}"];
        var help = File.ReadAllText(path);
        var options = OptionLine().Matches(help).Select(match => new Option(
            match.Groups["names"].Value.Split(", "), match.Groups["value"].Success, match.Groups["required"].Success)).ToArray();
        return Objections(command is null ? words : words[1..], options, takesArguments: help.Contains("\nArguments:", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Objections(string[] words, Option[] options, bool takesArguments)
    {
        var given = new List<Option>();
        for (var at = 0; at < words.Length; at++)
        {
            var name = words[at].Split('=')[0];
            if (!name.StartsWith('-') || name == "-")
            {
                if (!takesArguments)
                    yield return $"takes no more arguments: {words[at]}";
                continue;
            }

            if (options.FirstOrDefault(option => option.Names.Contains(name)) is not { } option)
            {
                yield return $"no such option: {name}";
                continue;
            }

            given.Add(option);
            if (!option.TakesValue || words[at].Contains('=', StringComparison.Ordinal))
                continue;
            if (++at == words.Length)
                yield return $"{name} needs a value";
        }

        foreach (var missing in options.Where(option => option.Required && !given.Contains(option)))
            yield return $"{missing.Names[0]} is required";
    }

    private sealed record Option(string[] Names, bool TakesValue, bool Required);

    [GeneratedRegex(@"(?m)^  (?<names>-[\w?-]+(?:, -[\w-]+)*)(?: (?<value><.+?>))?(?: (?<required>\(REQUIRED\)))?(?:  |$)")]
    private static partial Regex OptionLine();

    [GeneratedRegex(@"(?<=^|\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"'[^']*'|""[^""]*""|\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<=\s)(crds|Shell|snapshots|tests|charts|scripts)/[\w./-]*")]
    private static partial Regex OurPath();
}
