using System.CommandLine;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Host.Install;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect install</c>.</summary>
internal static class InstallCommand
{
    private const int MaxReplicas = 1_000;

    private static readonly Cli.Option<string?> Namespace = SharedOptions.Checked(
        new Cli.Option<string?>("--namespace", "-n")
        {
            Description = "Of the operator; it serves the sinks and inventories of all namespaces.",
            HelpName = "NAME",
            DefaultValueFactory = _ => InstallOptions.Default.Namespace,
        },
        FlagRules.Namespace);

    private static readonly Cli.Option<int> Replicas = Number(
        "--replicas", InstallOptions.Default.Replicas, MaxReplicas, "Pods of the operator; all serve the webhook, and another takes over when one stops.");

    private static readonly Cli.Option<int> Shards = Number(
        "--shards", InstallOptions.Default.Shards, Shard.MaxCount, "Parts of the work that the replicas share; 1 = one replica does all.");

    private static readonly Cli.Option<string> Webhook = new Cli.Option<string>("--webhook")
    {
        Description = "Who issues the certificate of the admission webhook: cert-manager, which the cluster must have; self-signed: the operator itself; "
            + "none = no webhook, so that only the status of an object says that it is invalid.",
        DefaultValueFactory = _ => "cert-manager",
    }.AcceptOnlyFromAmong("cert-manager", "self-signed", "none");

    private static readonly Cli.Option<bool> Monitoring = new("--monitoring")
    {
        Description = "Also a ServiceMonitor and alerts for the Prometheus operator, which the cluster must have, and a dashboard for Grafana.",
    };

    private static readonly Cli.Option<string?> Image = new("--image")
    {
        Description = $"Image of the operator that the cluster can pull; default: {new Kustomization().Image}, which no registry has.",
        HelpName = "IMAGE",
    };

    public static Command Create()
    {
        var command = new Command(
            "install",
            """
            Print what the operator needs in a cluster, ready for kubectl.
            Namespace, RBAC, Deployment, Services and webhook; kollect crds prints the CRDs, which are applied before. It connects to nothing.

            Examples:
              kollect crds | kubectl apply -f -
              kollect install --image registry.example.org/kollect:0.1.0 | kubectl apply -f -
              kollect install --namespace inventory --replicas 3 --shards 3 --webhook none

            Exit codes: 0 printed, 2 usage.
            """)
        {
            Namespace, Replicas, Shards, Webhook, Monitoring, Image,
        };
        command.SetAction(parsed =>
        {
            foreach (var document in InstallManifest.Build(Options(parsed)))
                Console.Write(YamlNodes.Print(document));
            return ExitCode.Done;
        });
        return command;
    }

    private static InstallOptions Options(ParseResult parsed) => new(
        parsed.GetValue(Namespace)!,
        parsed.GetValue(Replicas),
        parsed.GetValue(Shards),
        parsed.GetValue(Webhook) switch
        {
            "none" => WebhookMode.None,
            "self-signed" => WebhookMode.SelfSigned,
            _ => WebhookMode.CertManager,
        },
        parsed.GetValue(Image),
        parsed.GetValue(Monitoring));

    private static Cli.Option<int> Number(string name, int @default, int max, string description)
    {
        var option = new Cli.Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => @default };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1 || result.GetValueOrDefault<int>() > max)
                result.AddError(FormattableString.Invariant($"{name} must lie between 1 and {max}"));
        });
        return option;
    }
}
