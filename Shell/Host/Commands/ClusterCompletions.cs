using System.CommandLine;
using System.CommandLine.Completions;
using Kollect.Core.Manifests;
using Kollect.Operator.Controllers;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Config;
using Kollect.Operator.Kubernetes.Transport;

namespace Kollect.Host.Commands;

/// <summary>Completes names of objects from the cluster. Nothing is completed where it does not answer soon.</summary>
internal static class ClusterCompletions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static IEnumerable<CompletionItem> Inventories(CompletionContext context) => Names(context, it => it.Name);

    public static IEnumerable<CompletionItem> Namespaces(CompletionContext context) => Names(context, it => it.Namespace);

    private static IEnumerable<CompletionItem> Names(CompletionContext context, Func<(string Namespace, string Name), string> name)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            return [.. ListAsync(context.ParseResult, limit.Token).GetAwaiter().GetResult()
                .Map(it => name((it.Metadata.Namespace ?? "", it.Metadata.Name ?? "")))
                .Filter(it => it.Length > 0).Distinct().Select(it => new CompletionItem(it))];
        }
        catch (Exception failure) when (failure is ApiException or KubernetesConfigException or OperationCanceledException)
        {
            return [];
        }
    }

    private static async Task<Seq<InventoryObject>> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var api = KubernetesApi.Connect(
            KubernetesConfig.Load(parsed.GetValue(ClusterOptions.Kubeconfig), parsed.GetValue(ClusterOptions.Context)), TimeProvider.System);
        return await StatusListing.InventoriesAsync(api, "", cancel);
    }
}
