using System.CommandLine;
using System.CommandLine.Help;

namespace Kollect.Host.Commands;

/// <summary><c>kollect help</c>, and the form of all help.</summary>
internal static class HelpCommand
{
    /// <summary>Adds the command.</summary>
    public static void AddTo(RootCommand root)
    {
        root.Add(Create(root));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Aliases.Remove("/h");
        help.Aliases.Remove("/?");
    }

    /// <summary>The list of commands shows the first line of each description; the library has no other way to shorten them.</summary>
    public static void Shorten(RootCommand root)
    {
        foreach (var command in root.Subcommands)
            command.Description = command.Description?.Split('\n')[0];
    }

    private static Command Create(RootCommand root)
    {
        var topic = new Argument<string?>("command")
        {
            Description = "A command; default: the list of all.",
            HelpName = "COMMAND",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "help",
            """
            Show the help of a command.

            Examples:
              kollect help
              kollect help export
            """)
        {
            topic,
        };
        topic.CompletionSources.Add(_ => Names(root));
        topic.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && !Names(root).Contains(name))
                result.AddError(UsageErrors.UnknownCommand(name, root));
        });
        command.SetAction((parsed, cancel) =>
        {
            var name = parsed.GetValue(topic);
            if (name is null)
                Shorten(root);
            return root.Parse(name is null ? ["--help"] : [name, "--help"]).InvokeAsync(cancellationToken: cancel);
        });
        return command;
    }

    private static IEnumerable<string> Names(RootCommand root) => root.Subcommands.Select(it => it.Name);
}
