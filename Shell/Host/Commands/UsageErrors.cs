using System.CommandLine;
using Kollect.Core.Formatting;

namespace Kollect.Host.Commands;

/// <summary>The mistakes of a command line, in words that name the closest command or option.</summary>
internal static class UsageErrors
{
    /// <summary>What commands without <c>-o</c> print, by their names.</summary>
    public static readonly IReadOnlyDictionary<string, string> Printed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["completion"] = "a script for a shell",
        ["crds"] = "manifests in YAML, for kubectl",
        ["demo"] = "what the other commands print",
        ["help"] = "text for people",
        ["init"] = "manifests in YAML, to be filled in",
        ["install"] = "manifests in YAML, for kubectl",
        ["operator"] = "a log, whose form --log-format says",
    };

    /// <summary>One line for each mistake, at least one where the parser found any.</summary>
    public static Seq<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command is RootCommand root && parsed.UnmatchedTokens.FirstOrDefault(it => !IsOption(it)) is { } name)
            return Seq1(UnknownCommand(name, root));
        // An argument of the command would take the option as its value.
        if (Printed.TryGetValue(command.Name, out var printed) && parsed.Tokens.Select(it => Name(it.Value)).FirstOrDefault(IsOutput) is { } output)
            return Seq1($"{output} is no option of kollect {command.Name}: it prints {printed}");
        // Where something is unknown, what is missing may be just that.
        var unknown = Unmatched(parsed.UnmatchedTokens, command).ToArray().ToSeq();
        return unknown.IsEmpty ? parsed.Errors.Select(it => it.Message).ToArray().ToSeq() : unknown;
    }

    public static string UnknownCommand(string name, RootCommand root) =>
        $"{Shown.Quoted(name)} is no command{Nearest.DidYouMean(name, root.Subcommands.Select(it => it.Name))}";

    // A word after an unknown option is most likely its value.
    private static IEnumerable<string> Unmatched(IReadOnlyList<string> tokens, Command command)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (IsOption(tokens[i]))
                yield return UnknownOption(tokens[i], command);
            else if (i == 0 || !IsOption(tokens[i - 1]))
                yield return $"{Shown.Quoted(tokens[i])} is not expected here";
        }
    }

    private static string UnknownOption(string token, Command command)
    {
        var name = Name(token);
        if (name is "-k" or "--kustomize" && command.Options.Contains(SharedOptions.Files))
            return $"{name} is not supported, because no kustomization is built here: kubectl kustomize DIR | kollect {command.Name} -f -";
        return $"{Shown.Quoted(name)} is no option of this command{Nearest.DidYouMean(name, Names(command))}";
    }

    /// <summary>Without a value behind <c>=</c>.</summary>
    private static string Name(string token) => token.Split('=', 2)[0];

    private static bool IsOutput(string name) => name == SharedOptions.Output.Name || SharedOptions.Output.Aliases.Contains(name);

    private static IEnumerable<string> Names(Command command) =>
        [.. command.Options.SelectMany(it => it.Aliases.Prepend(it.Name)).Where(it => it.Length > 2), "--help"];

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-';
}
