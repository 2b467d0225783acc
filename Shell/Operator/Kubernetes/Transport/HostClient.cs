using System.Net;
using System.Runtime.CompilerServices;
using k8s;
using Kollect.Operator.Kubernetes.Config;

namespace Kollect.Operator.Kubernetes.Transport;

/// <summary>The client of a host, which stays the host's: it is never disposed here.</summary>
internal sealed class HostClient : IClientSource
{
    private readonly k8s.Kubernetes client;
    private readonly string? serverName;
    private readonly bool http1;

    // Read once: where another version of the package has renamed them, the host does not start.
    private HostClient(k8s.Kubernetes client) => (this.client, serverName, http1) = (client, ServerNameOf(client), DisablesHttp2(client));

    public static HostClient Of(IKubernetes client) => client is k8s.Kubernetes usable
        ? new HostClient(usable)
        : throw new ArgumentException($"{client.GetType()} is not a {typeof(k8s.Kubernetes)}; register an IKubernetesApi for it", nameof(client));

    public async ValueTask<(HttpClient Http, Proof Proof)> PrepareAsync(HttpRequestMessage request, Proof? refused, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(client.HttpClient is null, client); // Dispose sets it to null
        request.RequestUri = new Uri(client.BaseUri, request.RequestUri!);
        if (http1)
            request.Version = HttpVersion.Version11;
        if (client.Credentials is { } credentials)
            try
            {
                await credentials.ProcessHttpRequestAsync(request, cancel);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The text of the exception is the host's, and may contain a credential.
                throw new ApiException(ApiError.Unauthorized, $"the credential of the host's client failed ({failure.GetType().Name})");
            }

        if (!string.IsNullOrWhiteSpace(serverName))
            request.Headers.Host = serverName;
        return (client.HttpClient, new Proof(request.Headers.Authorization, null));
    }

    public void Dispose()
    {
        // The host disposes its client.
    }

    // The package sends both with its own requests, and shows neither.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_TlsServerName")]
    private static extern string? ServerNameOf(k8s.Kubernetes client);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_DisableHttp2")]
    private static extern bool DisablesHttp2(k8s.Kubernetes client);
}
