using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kollect.Shell.Kubernetes.Config;

/// <summary>Who we are to the API server.</summary>
internal interface ICredential
{
    /// <summary>Presented in the TLS handshake; null = none.</summary>
    X509Certificate2? Certificate => null;

    /// <summary>Sent with each request; null = nothing.</summary>
    /// <param name="refused">The server has just answered 401 to what this gave last: what is cached is worth nothing.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="KubernetesConfigException">There is no credential to be had.</exception>
    ValueTask<AuthenticationHeaderValue?> HeaderAsync(bool refused, CancellationToken cancel);
}

/// <summary>Nobody.</summary>
internal sealed class Anonymous : ICredential
{
    public static Anonymous Instance { get; } = new();

    public ValueTask<AuthenticationHeaderValue?> HeaderAsync(bool refused, CancellationToken cancel) => new((AuthenticationHeaderValue?)null);
}

/// <summary>A client certificate.</summary>
internal sealed class CertificateCredential(X509Certificate2 certificate) : ICredential
{
    public X509Certificate2 Certificate => certificate;

    public ValueTask<AuthenticationHeaderValue?> HeaderAsync(bool refused, CancellationToken cancel) => new((AuthenticationHeaderValue?)null);
}

/// <summary>What a kubeconfig holds itself: a token, or a user with a password.</summary>
internal sealed class FixedCredential(AuthenticationHeaderValue header) : ICredential
{
    public static FixedCredential Token(string token) => new(new AuthenticationHeaderValue("Bearer", token));

    public static FixedCredential Basic(string user, string password) =>
        new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));

    public ValueTask<AuthenticationHeaderValue?> HeaderAsync(bool refused, CancellationToken cancel) => new(header);
}

/// <summary>A token in a file that somebody else renews, as the kubelet does: read again each minute, and when it was refused.</summary>
internal sealed class TokenFile(string path, TimeProvider time) : ICredential
{
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(1);

    private AuthenticationHeaderValue? header;
    private long readAt;

    public async ValueTask<AuthenticationHeaderValue?> HeaderAsync(bool refused, CancellationToken cancel)
    {
        if (header is not null && !refused && time.GetElapsedTime(readAt) < Believed)
            return header;
        try
        {
            var token = (await File.ReadAllTextAsync(path, cancel)).Trim();
            (header, readAt) = (new AuthenticationHeaderValue("Bearer", token), time.GetTimestamp());
            return header;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConfigException($"the token file {path} cannot be read ({unreadable.GetType().Name})");
        }
    }
}
