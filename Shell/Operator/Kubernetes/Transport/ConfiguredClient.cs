using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using k8s;
using Kollect.Operator.Kubernetes.Config;

namespace Kollect.Operator.Kubernetes.Transport;

/// <summary>
/// A client of the package for a <see cref="KubernetesConfig"/>. It gets the address and the handler only: with its own means (21.0.8) it does not verify
/// the server's name under an authority of its own, ignores <c>tokenFile</c>, <c>proxy-url</c> and <c>as</c>, and never renews a credential.
/// </summary>
internal sealed class ConfiguredClient(KubernetesConfig config) : IClientSource
{
    private static readonly string UserAgent = $"kollect/{typeof(ConfiguredClient).Assembly.GetName().Version?.ToString(3)}";

    private readonly Lock gate = new();
    private (k8s.Kubernetes Client, X509Certificate2? Certificate)? current;

    public async ValueTask<(HttpClient Http, Proof Proof)> PrepareAsync(HttpRequestMessage request, Proof? refused, CancellationToken cancel)
    {
        var proof = await config.Credential.GetAsync(refused, cancel);
        var client = ClientOf(proof.Certificate);
        request.RequestUri = new Uri(client.BaseUri, request.RequestUri!);
        request.Headers.Authorization = proof.Header;
        request.Headers.Host = config.TlsServerName; // the only source from which .NET takes the server name for TLS
        return (client.HttpClient, proof);
    }

    public void Dispose() => current?.Client.Dispose();

    /// <summary>TLS presents a certificate once per connection: a new certificate starts a new client, and the connections of the old one expire.</summary>
    private k8s.Kubernetes ClientOf(X509Certificate2? certificate)
    {
        lock (gate)
        {
            if (current is not { } known || !Equals(known.Certificate, certificate))
                current = known = (Create(certificate), certificate);
            return known.Client;
        }
    }

    private k8s.Kubernetes Create(X509Certificate2? certificate)
    {
        var settings = new KubernetesClientConfiguration
        {
            Host = config.Server.AbsoluteUri,
            UserAgent = UserAgent,
            FirstMessageHandlerSetup = handler => config.Configure(handler, certificate),
        };
        // Otherwise the constructor builds the serializer of all typed models, of which nothing is used here: 7 MiB.
        SerializerOf(settings) = JsonSerializerOptions.Default;
        return new k8s.Kubernetes(settings);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "jsonSerializerOptions")]
    private static extern ref JsonSerializerOptions SerializerOf(KubernetesClientConfiguration settings);
}
