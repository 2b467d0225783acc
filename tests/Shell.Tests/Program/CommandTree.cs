using System.CommandLine;
using System.Reflection;

namespace Kollect.Shell.Tests.Program;

/// <summary>The commands of the program, as it builds them.</summary>
internal static class CommandTree
{
    public static Assembly Host { get; } = Assembly.Load("kollect");

    /// <summary>In ordinal order of their names.</summary>
    public static IReadOnlyList<Command> Commands
    {
        get
        {
            var root = (RootCommand)Host.GetType("Kollect.Host.Commands.CommandLine")!
                .GetMethod("Root", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!.Invoke(null, [])!;
            return [.. root.Subcommands.Where(it => !it.Hidden).OrderBy(it => it.Name, StringComparer.Ordinal)];
        }
    }
}
