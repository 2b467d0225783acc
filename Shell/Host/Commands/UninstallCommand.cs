using System.CommandLine;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests;
using Kollect.Host.Install;
using Kollect.Host.Output;
using Kollect.Host.Uninstall;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Kubernetes.Config;
using Kollect.Shell.Kubernetes.Transport;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect uninstall</c>.</summary>
internal static class UninstallCommand
{
    private static readonly Cli.Option<string?> Namespace = SharedOptions.Checked(
        new Cli.Option<string?>("--namespace", "-n")
        {
            Description = "Of the operator.",
            HelpName = "NAME",
            DefaultValueFactory = _ => InstallOptions.Default.Namespace,
        },
        FlagRules.Namespace);

    private static readonly Cli.Option<bool> KeepRows = new("--keep-rows")
    {
        Description = "Leave the rows in the databases. An inventory of the same namespace and name takes them over after a reinstall.",
    };

    private static readonly Cli.Option<bool> DryRun = new("--dry-run")
    {
        Description = "Print what would be removed, or why nothing may be, and change nothing.",
    };

    private static readonly Cli.Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask. Needed where standard input is no terminal." };

    private static readonly Cli.Option<string> Timeout = new("--timeout")
    {
        Description = "The same command goes on where it stopped. 1s to 24h.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "15m",
    };

    public static Command Create()
    {
        var command = new Command(
            "uninstall",
            """
            Remove Kollect from a cluster, with its rows or without.
            Inventories (the operator removes their rows), sinks, targets, profiles, the operator, CRDs and namespace, in this order. Each step
            waits until its objects are gone, so that nothing stays Terminating.

            Without a running operator nobody removes rows: then it does nothing, except with --keep-rows. A chart of Helm is uninstalled afterwards.
            The namespace stays where kollect install was not applied to it, or others have workloads there. Secrets of sinks in other namespaces stay.
            Nothing is removed while the cluster has further CRDs of kollect.dev: their operator uses the same inventories, targets and profiles.

            Examples:
              kollect uninstall --dry-run
              kollect uninstall --keep-rows --yes

            Exit codes: 0 removed, 1 refused, or rows were left behind, 2 usage, 3 try again.
            """)
        {
            ClusterOptions.Kubeconfig, ClusterOptions.Context, Namespace, KeepRows, DryRun, Yes, Timeout,
        };
        Timeout.Validators.Add(result =>
        {
            if (!GoDuration.Parse(result.GetValueOrDefault<string>() ?? "").Exists(it => it >= TimeSpan.FromSeconds(1) && it <= TimeSpan.FromHours(24)))
                result.AddError($"{Timeout.Name} must be a duration from 1s to 24h, such as 15m");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Uninstallation? uninstallation = null;
        try
        {
            var config = ClusterOptions.Load(parsed);
            using var api = KubernetesApi.Connect(config, TimeProvider.System);
            uninstallation = new Uninstallation(api, TimeProvider.System, parsed.GetValue(Namespace)!, parsed.GetValue(KeepRows));
            Console.WriteLine($"cluster {config.Server}, operator in the namespace {parsed.GetValue(Namespace)}");
            if (await uninstallation.ShowAsync(cancel))
                return ExitCode.Done;
            var asks = !parsed.GetValue(DryRun) && !parsed.GetValue(Yes);
            if (asks && Console.IsInputRedirected)
            {
                Terminal.Error($"nothing was removed: standard input is no terminal, so nobody can be asked; give {Yes.Name}");
                return ExitCode.Refused;
            }

            if (await uninstallation.RefusalAsync(cancel) is { } why)
            {
                Terminal.Error(why);
                return ExitCode.Refused;
            }

            if (parsed.GetValue(DryRun))
                return ExitCode.Done;
            if (asks && !IsConfirmed(config.Server, parsed.GetValue(KeepRows)))
                return ExitCode.Refused;
            limit.CancelAfter(GoDuration.Parse(parsed.GetValue(Timeout)!).IfNone(TimeSpan.Zero));
            return await uninstallation.RunAsync(limit.Token);
        }
        catch (KubernetesConfigException wrong)
        {
            return Terminal.Refuse(OutputFormat.Text, Seq1(wrong.Message));
        }
        catch (ApiException refused)
        {
            Terminal.Error(refused.Message);
            return refused.IsTransient ? ExitCode.TryLater : ExitCode.Refused;
        }
        catch (OperationCanceledException)
        {
            foreach (var line in uninstallation?.Waiting ?? [])
                Terminal.Error(line);
            Terminal.Error(
                (cancel.IsCancellationRequested ? "interrupted" : $"not done within {Timeout.Name} {parsed.GetValue(Timeout)}") + "; the same command goes on");
            return ExitCode.TryLater;
        }
    }

    private static bool IsConfirmed(Uri server, bool keepsRows)
    {
        Console.Error.Write($"Remove all of it from {server}, {(keepsRows ? "and keep the rows" : "with the rows")}? Type yes: ");
        if (Console.ReadLine()?.Trim() == "yes")
            return true;
        Terminal.Error("nothing was removed");
        return false;
    }
}
