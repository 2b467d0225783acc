using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kollect.Shell.Kubernetes.Config;

/// <summary>The configuration cannot be used; one line that names file, context and what is missing, never a credential.</summary>
public sealed class KubernetesConfigException(string message) : Exception(message);

/// <summary>Where the API server is, whom to trust, and who we are.</summary>
/// <param name="Server">Base address; a path is kept.</param>
/// <param name="Namespace">Of the context or the pod; <c>default</c> where none is given.</param>
public sealed record KubernetesConfig(Uri Server, string Namespace)
{
    /// <summary>Of the authorities to trust; null = the system's.</summary>
    internal X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Believe any certificate: <c>insecure-skip-tls-verify</c>.</summary>
    internal bool SkipVerify { get; init; }

    /// <summary>Name that the certificate must carry; null = the host of <see cref="Server"/>.</summary>
    internal string? TlsServerName { get; init; }

    /// <summary>Null = none.</summary>
    internal Uri? Proxy { get; init; }

    /// <summary>Who we are.</summary>
    internal ICredential Credential { get; init; } = Anonymous.Instance;

    /// <summary>
    /// <paramref name="kubeconfig"/> where given; else, inside of a pod, its service account; else the files of <c>KUBECONFIG</c>; else <c>~/.kube/config</c>.
    /// </summary>
    /// <param name="kubeconfig">A file; null = as above.</param>
    /// <param name="context">Null = the current one.</param>
    /// <exception cref="KubernetesConfigException">None of them can be used.</exception>
    public static KubernetesConfig Load(string? kubeconfig, string? context)
    {
        if (kubeconfig is null && context is null && InCluster.Load() is { } pod)
            return pod;
        return Kubeconfig.Load(kubeconfig is null ? Kubeconfig.DefaultFiles() : [kubeconfig], context);
    }

    /// <summary>PEM text -> certificates.</summary>
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

    internal SocketsHttpHandler Handler() => new()
    {
        SslOptions = Tls(),
        Proxy = Proxy is null ? null : new System.Net.WebProxy(Proxy),
        UseProxy = Proxy is not null,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.GZip,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        EnableMultipleHttp2Connections = true,
        // A connection that died without a word would keep a watch silent for ever.
        KeepAlivePingDelay = TimeSpan.FromSeconds(15),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
    };

    private SslClientAuthenticationOptions Tls()
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = TlsServerName };
        if (Credential.Certificate is { } certificate)
            tls.ClientCertificates = [certificate];
        if (SkipVerify)
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        else if (Authorities is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(Authorities);
        }

        return tls;
    }
}
