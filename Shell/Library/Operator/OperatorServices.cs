using Kollect.Shell.Collection;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Kubernetes.Config;
using Kollect.Shell.Kubernetes.Transport;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Kollect.Shell.Operator;

/// <summary>Registers the controllers in a host.</summary>
public static class OperatorServices
{
    /// <summary>
    /// Adds the controllers of KollectDatabaseSink as a hosted service. The API server is the one of <paramref name="config"/>, unless the host has
    /// registered an <see cref="IKubernetesApi"/> of its own.
    /// </summary>
    /// <param name="options">An empty <see cref="OperatorOptions.LeaseNamespace"/> becomes that of <paramref name="config"/>.</param>
    public static IServiceCollection AddKollectDatabaseSinks(this IServiceCollection services, KubernetesConfig config, OperatorOptions options) =>
        services.AddControllers(time => KubernetesApi.Connect(config, time), config.Namespace, options);

    /// <summary>As above, over the client of the host, which stays the host's and is not disposed.</summary>
    /// <param name="client">As in <see cref="KubernetesApi.Connect(k8s.IKubernetes, TimeProvider)"/>.</param>
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
        services.TryAddSingleton<IKubernetesApi>(provider => connect(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IInventorySource>(provider =>
            ActivatorUtilities.CreateInstance<KubernetesSource>(provider, provider.GetRequiredService<OperatorOptions>().Collection));
        services.AddSingleton(options.LeaseNamespace.Length > 0 ? options : options with { LeaseNamespace = ownNamespace });
        services.AddSingleton<OperatorService>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<OperatorService>());
        return services;
    }
}
