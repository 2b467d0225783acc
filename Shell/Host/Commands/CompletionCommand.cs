using System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect completion</c>.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new Argument<string>("shell")
    {
        Description = "The shell that is to complete command lines.",
        HelpName = "bash|zsh|fish",
    }.AcceptOnlyFromAmong("bash", "zsh", "fish");

    public static Command Create()
    {
        var command = new Command(
            "completion",
            """
            Print a script that completes commands, options and names in a shell.

            Examples:
              source <(kollect completion bash)
              kollect completion zsh > "${fpath[1]}/_kollect"
              kollect completion fish > ~/.config/fish/completions/kollect.fish
            """)
        {
            Shell,
        };
        command.SetAction(parsed =>
        {
            Console.Write(Resource.Read($"completion/kollect.{parsed.GetValue(Shell)}"));
            return ExitCode.Done;
        });
        return command;
    }
}
