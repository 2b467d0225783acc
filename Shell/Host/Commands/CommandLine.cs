using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using Kollect.Host.Output;

namespace Kollect.Host.Commands;

/// <summary>The tree of commands, and the error handling that they share.</summary>
internal static class CommandLine
{
    /// <summary>After a signal. Work that a server holds ends after some 4 s, the services of the operator after 8 s.</summary>
    private static readonly TimeSpan EndOfProcess = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Root();
        var parsed = root.Parse(args);
        var format = SharedOptions.Format(args);
        if (parsed.Errors.Count > 0 && !root.Directives.OfType<SuggestDirective>().Any(it => parsed.GetResult(it) is not null))
        {
            var command = parsed.CommandResult.Command is RootCommand ? "kollect" : $"kollect {parsed.CommandResult.Command.Name}";
            return Terminal.Fail(format, "Usage", ExitCode.Usage, UsageErrors.Of(parsed), $"See: {command} --help");
        }

        if (parsed is { Action: HelpAction, CommandResult.Command: RootCommand })
            HelpCommand.Shorten(root);
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
            return Terminal.Fail(format, "TryLater", ExitCode.TryLater, Seq1("interrupted; nothing was written"));
        }
        catch (Exception defect)
        {
            // The message of an unexpected exception may quote a Secret; its type and stack trace never do.
            return Terminal.Fail(
                format,
                "Defect",
                ExitCode.Refused,
                Seq1($"a defect of this program ({defect.GetType().Name}); nothing was committed. Please report this:\n{defect.StackTrace}"));
        }
    }

    private static RootCommand Root()
    {
        var root = new RootCommand(
            """
            Mirrors inventory snapshots of a Kubernetes cluster into a database, exactly.

            Examples:
              kollect init postgres > kollect.yaml
              kollect validate -f kollect.yaml
              kubectl get deployments -A -o json | kollect export -f kollect.yaml --inventory platform/all
              kollect status -A
            """)
        {
            InitCommand.Create(),
            ValidateCommand.Create(),
            PlanCommand.Create(),
            ProbeCommand.Create(),
            ExportCommand.Create(),
            CollectCommand.Create(),
            ViewsCommand.Create(),
            DemoCommand.Create(),
            CrdsCommand.Create(),
            InstallCommand.Create(),
            UninstallCommand.Create(),
            OperatorCommand.Create(),
            StatusCommand.Create(),
            ExplainCommand.Create(),
            CompletionCommand.Create(),
            VersionCommand.Create(),
        };
        HelpCommand.AddTo(root);
        root.Options.OfType<VersionOption>().Single().Action = new VersionCommand.OfOption();
        return root;
    }
}
