using System.CommandLine;
using System.CommandLine.Invocation;
using Kollect.Host.Output;

namespace Kollect.Host.Commands;

/// <summary><c>kollect version</c> and <c>kollect --version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command(
            "version",
            """
            Print the version of the program, its commit and its runtime.

            Examples:
              kollect version
              kollect version -o json
            """)
        {
            SharedOptions.Output,
        };
        command.SetAction(parsed =>
            Terminal.Write(SharedOptions.Format(parsed), ProgramVersion.Current.Json, () => new[] { ProgramVersion.Current.ToString() }));
        return command;
    }

    /// <summary>The action of <c>--version</c>.</summary>
    public sealed class OfOption : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Console.WriteLine(ProgramVersion.Current);
            return ExitCode.Done;
        }
    }
}
