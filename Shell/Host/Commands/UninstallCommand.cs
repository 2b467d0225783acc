using System.CommandLine;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests;
using Kollect.Host.Install;
using Kollect.Host.Output;
using Kollect.Host.Uninstall;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Config;
using Kollect.Operator.Kubernetes.Transport;
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
            ClusterOptions.Kubeconfig, ClusterOptions.Context, Namespace, KeepRows, DryRun, Yes, Timeout, SharedOptions.Output,
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
        var format = SharedOptions.Format(parsed);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Uninstallation? uninstallation = null;
        try
        {
            var config = ClusterOptions.Load(parsed);
            using var api = KubernetesApi.Connect(config, TimeProvider.System);
            var (@namespace, keepsRows) = (parsed.GetValue(Namespace)!, parsed.GetValue(KeepRows));
            // What is done is the document's; what is being done is for people.
            uninstallation = new Uninstallation(
                api, TimeProvider.System, @namespace, keepsRows, format == OutputFormat.Json ? Terminal.Error : Console.WriteLine);
            if (format == OutputFormat.Text)
                Console.WriteLine($"cluster {config.Server}, operator in the namespace {@namespace}");
            var found = await uninstallation.FindAsync(cancel);
            if (format == OutputFormat.Text)
                foreach (var line in UninstallOutput.Text(found, @namespace, await uninstallation.OthersAsync(cancel), keepsRows))
                    Console.WriteLine(line);
            if (found.Count == 0)
                return Done(removed: false, []);
            var asks = !parsed.GetValue(DryRun) && !parsed.GetValue(Yes);
            if (asks && Console.IsInputRedirected)
                return Terminal.Refuse(format, Seq1($"nothing was removed: standard input is no terminal, so nobody can be asked; give {Yes.Name}"));
            if (await uninstallation.RefusalAsync(cancel) is { } why)
                return Terminal.Refuse(format, Seq1(why));
            if (parsed.GetValue(DryRun))
                return Done(removed: false, []);
            if (asks && !IsConfirmed(config.Server, keepsRows))
                return Terminal.Refuse(format, Seq1("nothing was removed"));
            limit.CancelAfter(GoDuration.Parse(parsed.GetValue(Timeout)!).IfNone(TimeSpan.Zero));
            return Done(removed: true, await uninstallation.RunAsync(limit.Token));

            int Done(bool removed, IReadOnlyList<string> left)
            {
                foreach (var note in left)
                    Terminal.Error(note);
                Terminal.Write(format, () => UninstallOutput.Json($"{config.Server}", @namespace, found, keepsRows, removed, left), Enumerable.Empty<string>);
                return left.Count == 0 ? ExitCode.Done : ExitCode.Refused;
            }
        }
        catch (KubernetesConfigException wrong)
        {
            return Terminal.Refuse(format, Seq1(wrong.Message));
        }
        catch (ApiException failed) when (failed.IsTransient)
        {
            return Terminal.Fail(format, "TryLater", ExitCode.TryLater, Seq1(failed.Message));
        }
        catch (ApiException refused)
        {
            return Terminal.Refuse(format, Seq1(refused.Message));
        }
        catch (OperationCanceledException)
        {
            var why = cancel.IsCancellationRequested ? "interrupted" : $"not done within {Timeout.Name} {parsed.GetValue(Timeout)}";
            return Terminal.Fail(
                format, "TryLater", ExitCode.TryLater, (uninstallation?.Waiting ?? []).Append($"{why}; the same command goes on").ToArray().ToSeq());
        }
    }

    private static bool IsConfirmed(Uri server, bool keepsRows)
    {
        Console.Error.Write($"Remove all of it from {server}, {(keepsRows ? "and keep the rows" : "with the rows")}? Type yes: ");
        return Console.ReadLine()?.Trim() == "yes";
    }
}
