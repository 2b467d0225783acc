using System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary>The tree of commands, and the error handling that they share.</summary>
internal static class CommandLine
{
    /// <summary>After a signal. Work that a server holds ends after some 4 s, the services of the operator after 8 s.</summary>
    private static readonly TimeSpan EndOfProcess = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"kollect: {error.Message}");
            var command = parsed.CommandResult.Command is RootCommand ? "kollect" : $"kollect {parsed.CommandResult.Command.Name}";
            await Console.Error.WriteLineAsync($"See: {command} --help");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = EndOfProcess,
            });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("kollect: interrupted; nothing was written");
            return ExitCode.TryLater;
        }
        catch (Exception defect)
        {
            // The message of an unexpected exception may quote a Secret; its type and stack trace never do.
            await Console.Error.WriteLineAsync(
                $"kollect: a defect of this program ({defect.GetType().Name}); nothing was committed. Please report this:\n{defect.StackTrace}");
            return ExitCode.Refused;
        }
    }

    private static RootCommand Root() => new("Mirrors inventory snapshots of a Kubernetes cluster into a database, exactly.")
    {
        ValidateCommand.Create(),
        PlanCommand.Create(),
        ProbeCommand.Create(),
        ExportCommand.Create(),
        DemoCommand.Create(),
        CrdsCommand.Create(),
        ExplainCommand.Create(),
        InstallCommand.Create(),
        UninstallCommand.Create(),
        OperatorCommand.Create(),
    };
}
