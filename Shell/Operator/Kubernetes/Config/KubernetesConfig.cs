using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kollect.Operator.Kubernetes.Config;

/// <summary>The configuration cannot be used. The message is one line that names the file, the context and the mistake, never a credential.</summary>
public sealed class KubernetesConfigException(string message) : Exception(message);

/// <summary>Address of the API server, trusted authorities and the client's credential.</summary>
/// <param name="Server">Base address; a path is kept.</param>
/// <param name="Namespace">Namespace of the context or the pod; <c>default</c> where none is given.</param>
internal sealed record KubernetesConfig(Uri Server, string Namespace)
{
    /// <summary>Limit for opening a connection, TLS handshake included.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Certificates of the trusted authorities; null = the system's.</summary>
    internal X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Accepts any certificate: <c>insecure-skip-tls-verify</c>.</summary>
    internal bool SkipVerify { get; init; }

    /// <summary>Name that the certificate must have; null = the host of <see cref="Server"/>.</summary>
    internal string? TlsServerName { get; init; }

    /// <summary>Null = the proxy of the environment (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>), as in kubectl.</summary>
    internal Uri? Proxy { get; init; }

    /// <summary>Proof of identity; anonymous by default.</summary>
    internal ICredential Credential { get; init; } = FixedCredential.Anonymous;

    /// <summary>
    /// Loads <paramref name="kubeconfig"/> where given; else the files of <c>KUBECONFIG</c>; else, inside a pod, its service account; else
    /// <c>~/.kube/config</c>.
    /// </summary>
    /// <param name="kubeconfig">A file; null = as above.</param>
    /// <param name="context">Null = the current one.</param>
    /// <exception cref="KubernetesConfigException">No configuration was found, or the one found cannot be used.</exception>
    public static KubernetesConfig Load(string? kubeconfig, string? context) => Load(kubeconfig, context, TimeProvider.System);

    internal static KubernetesConfig Load(string? kubeconfig, string? context, TimeProvider time)
    {
        if (kubeconfig is not null)
            return Kubeconfig.Load([kubeconfig], context, time);
        if (Kubeconfig.FilesOfEnvironment() is { Length: > 0 } files)
            return Kubeconfig.Load(files, context, time);
        return (context is null ? InCluster.Load(time) : null) ?? Kubeconfig.Load([Kubeconfig.FileOfHome()], context, time);
    }

    /// <summary>Reads the certificates of a PEM text.</summary>
    internal static X509Certificate2Collection Certificates(string pem, string where)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates.Count > 0 ? certificates : throw new KubernetesConfigException($"{where}: holds no PEM certificate");
    }

    /// <summary>Sets the connections of a client.</summary>
    /// <param name="certificate">Presented in the TLS handshake; null = none.</param>
    internal void Configure(SocketsHttpHandler handler, X509Certificate2? certificate)
    {
        handler.SslOptions = Tls(certificate);
        handler.Proxy = Proxy is null ? null : WebProxy(Proxy);
        handler.UseProxy = Proxy is not null || !Server.IsLoopback;
        handler.UseCookies = false;
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.GZip;
        handler.ConnectTimeout = ConnectTimeout;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
        handler.EnableMultipleHttp2Connections = true;
        // Without pings, a connection that died silently would leave a watch without events for ever.
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always;
    }

    private static WebProxy WebProxy(Uri proxy)
    {
        var user = proxy.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        return new WebProxy(proxy) { Credentials = proxy.UserInfo.Length == 0 ? null : new NetworkCredential(user[0], user.ElementAtOrDefault(1)) };
    }

    private SslClientAuthenticationOptions Tls(X509Certificate2? certificate)
    {
        // An address in the server's certificate is never fetched: .NET would, also for a certificate that it then refuses.
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        };
        if (certificate is not null)
            tls.ClientCertificates = [certificate];
        if (SkipVerify)
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        else if (Authorities is not null)
        {
            tls.CertificateChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities);
        }

        return tls;
    }
}
