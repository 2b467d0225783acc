using System.CommandLine;
using Kollect.Operator.Kubernetes.Config;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary>Options of the commands that talk to an API server.</summary>
internal static class ClusterOptions
{
    public static Cli.Option<string?> Kubeconfig { get; } = new("--kubeconfig")
    {
        Description = "Default: the files of $KUBECONFIG, else the pod's service account, else ~/.kube/config.",
        HelpName = "FILE",
    };

    public static Cli.Option<string?> Context { get; } = new("--context")
    {
        Description = "Context of the kubeconfig; default: its current one.",
        HelpName = "NAME",
    };

    /// <exception cref="KubernetesConfigException">No configuration was found, or the one found cannot be used.</exception>
    public static KubernetesConfig Load(ParseResult parsed) => KubernetesConfig.Load(parsed.GetValue(Kubeconfig), parsed.GetValue(Context));
}
