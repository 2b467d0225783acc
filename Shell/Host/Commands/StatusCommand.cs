using System.CommandLine;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;
using Kollect.Host.Output;
using Kollect.Operator.Controllers;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Config;
using Kollect.Operator.Kubernetes.Transport;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect status</c>.</summary>
internal static class StatusCommand
{
    private static readonly Argument<string?> Name = new("name")
    {
        Description = "Only inventories of this name.",
        HelpName = "NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Cli.Option<string?> Namespace = SharedOptions.Checked(new Cli.Option<string?>("--namespace", "-n")
    {
        Description = "Namespace of the inventories; default: that of the context.",
        HelpName = "NAME",
    }, FlagRules.Namespace);

    private static readonly Cli.Option<bool> AllNamespaces = new("--all-namespaces", "-A")
    {
        Description = "The inventories of all namespaces, and those of the cluster.",
    };

    public static Command Create()
    {
        var command = new Command(
            "status",
            """
            Show the inventories of a cluster with their targets and sinks, and what keeps them from being ready.
            It reads the objects and their status as the operator wrote it, and changes nothing.

            Examples:
              kollect status
              kollect status -A
              kollect status -n shop all -o json

            Exit codes: 0 all ready, 1 something is not ready, or the API server refuses to say, 2 usage, 3 the API server cannot be reached.
            """)
        {
            Name, Namespace, AllNamespaces, ClusterOptions.Kubeconfig, ClusterOptions.Context, SharedOptions.Output,
        };
        Name.CompletionSources.Add(ClusterCompletions.Inventories);
        Namespace.CompletionSources.Add(ClusterCompletions.Namespaces);
        command.Validators.Add(result =>
        {
            if (result.GetValue(AllNamespaces) && result.GetValue(Namespace) is not null)
                result.AddError("--all-namespaces and --namespace exclude each other");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var format = SharedOptions.Format(parsed);
        KubernetesConfig? config = null;
        try
        {
            config = KubernetesConfig.Load(parsed.GetValue(ClusterOptions.Kubeconfig), parsed.GetValue(ClusterOptions.Context));
            var @namespace = parsed.GetValue(AllNamespaces) ? "" : parsed.GetValue(Namespace) ?? config.Namespace;
            using var api = KubernetesApi.Connect(config, TimeProvider.System);
            var objects = await StatusListing.ListAsync(api, @namespace, cancel);
            return Show(StatusTree.Of(objects, Optional(parsed.GetValue(Name))), @namespace, parsed.GetValue(Name), format);
        }
        catch (KubernetesConfigException wrong)
        {
            return Terminal.Refuse(format, Seq1(wrong.Message));
        }
        catch (ApiException failed) when (failed.IsTransient)
        {
            return Terminal.Fail(format, "TryLater", ExitCode.TryLater, Seq1($"{config?.Server.Authority}: {failed.Message}"));
        }
        catch (ApiException refused)
        {
            return Terminal.Refuse(format, Seq1(refused.Kind == ApiError.NotFound
                ? "the API server does not know the kinds of kollect.dev: kollect crds | kubectl apply -f -"
                : refused.Message));
        }
    }

    private static int Show(StatusTree tree, string @namespace, string? name, OutputFormat format)
    {
        if (name is not null && tree.Inventories.IsEmpty)
            return Terminal.Refuse(format, Seq1(@namespace.Length == 0
                ? $"no inventory {name} in any namespace, nor of the cluster"
                : $"no inventory {name} in namespace {@namespace}; -A looks into all namespaces, and at those of the cluster"));
        Terminal.Write(format, () => StatusOutput.Json(tree), () => StatusOutput.Text(tree, @namespace, DateTimeOffset.UtcNow));
        return tree.IsReady ? ExitCode.Done : ExitCode.Refused;
    }
}
