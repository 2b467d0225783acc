using Kollect.Operator.Collection;
using Kollect.Operator.Controllers;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Config;
using Kollect.Operator.Kubernetes.Transport;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Kollect.Operator;

/// <summary>Registers the controllers in a host.</summary>
public static class OperatorServices
{
    /// <summary>
    /// Adds the controllers of KollectDatabaseSink as a hosted service, over a connection of their own: as kubectl finds the API server, or as a pod does.
    /// </summary>
    /// <param name="options">An empty <see cref="OperatorOptions.LeaseNamespace"/> becomes that of the pod or the kubeconfig.</param>
    /// <param name="kubeconfig">Path of a file; null = as kubectl finds it.</param>
    /// <param name="context">Name of a context in it; null = the current one.</param>
    /// <exception cref="KubernetesConfigException">No API server can be found; the message says what is missing.</exception>
    public static IServiceCollection AddKollectDatabaseSinks(
        this IServiceCollection services, OperatorOptions options, string? kubeconfig = null, string? context = null) =>
        services.AddKollectDatabaseSinks(KubernetesConfig.Load(kubeconfig, context), options);

    /// <summary>As above, unless the host has registered an <see cref="IKubernetesApi"/> of its own.</summary>
    internal static IServiceCollection AddKollectDatabaseSinks(this IServiceCollection services, KubernetesConfig config, OperatorOptions options) =>
        services.AddControllers(time => KubernetesApi.Connect(config, time), config.Namespace, options);

    /// <summary>As above, over the client of the host, which stays the host's and is not disposed.</summary>
    /// <param name="client">It may use the host's handlers and credentials.</param>
    /// <param name="options">
    /// An empty <see cref="OperatorOptions.LeaseNamespace"/> becomes that of the pod; <c>default</c> where the host does not run in a pod.
    /// </param>
    public static IServiceCollection AddKollectDatabaseSinks(this IServiceCollection services, k8s.IKubernetes client, OperatorOptions options) =>
        services.AddControllers(time => KubernetesApi.Connect(client, time), InCluster.Namespace(), options);

    private static IServiceCollection AddControllers(
        this IServiceCollection services, Func<TimeProvider, KubernetesApi> connect, string ownNamespace, OperatorOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<KollectMetrics>();
        services.TryAddSingleton<LeaseTime>();
        services.TryAddSingleton<IKubernetesApi>(provider => connect(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IInventorySource>(provider => provider.GetService<ISnapshotSource>() is { } supplied
            ? new SuppliedSource(supplied)
            : ActivatorUtilities.CreateInstance<KubernetesSource>(
                provider,
                new FencedApi(provider.GetRequiredService<IKubernetesApi>(), provider.GetRequiredService<LeaseTime>()),
                provider.GetRequiredService<OperatorOptions>().Collection));
        services.AddSingleton(options.LeaseNamespace.Length > 0 ? options : options with { LeaseNamespace = ownNamespace });
        services.AddSingleton<OperatorService>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<OperatorService>());
        return services;
    }
}
