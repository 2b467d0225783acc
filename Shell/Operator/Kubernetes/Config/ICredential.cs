using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Kollect.Operator.Kubernetes.Config;

/// <summary>Proof of identity to the API server.</summary>
/// <param name="Header">Sent with each request; null = none.</param>
/// <param name="Certificate">Presented in the TLS handshake; null = none.</param>
internal sealed record Proof(AuthenticationHeaderValue? Header, X509Certificate2? Certificate)
{
    /// <summary>Prints <c>***</c>, never the token.</summary>
    public override string ToString() => "***";
}

/// <summary>A source of proofs of identity.</summary>
internal interface ICredential
{
    /// <summary>The current proof; equal to the previous one until a newer one exists.</summary>
    /// <param name="refused">
    /// The proof that the server has just answered with 401, which forces a renewal unless a newer one is known. Null = none was refused.
    /// </param>
    /// <exception cref="KubernetesConfigException">No proof can be obtained.</exception>
    ValueTask<Proof> GetAsync(Proof? refused, CancellationToken cancel);
}

/// <summary>A credential that never changes: written in a kubeconfig, or anonymous.</summary>
internal sealed class FixedCredential(Proof proof) : ICredential
{
    public static FixedCredential Anonymous { get; } = new(new Proof(null, null));

    public ValueTask<Proof> GetAsync(Proof? refused, CancellationToken cancel) => new(proof);
}

/// <summary>A token in a file that another program renews, e.g. the kubelet. The file is read again each minute, and after a refusal.</summary>
/// <param name="certificate">Presented in the TLS handshake as well; null = none.</param>
internal sealed class TokenFile(string path, X509Certificate2? certificate, TimeProvider time) : ICredential
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(1);

    private Read? last;

    public async ValueTask<Proof> GetAsync(Proof? refused, CancellationToken cancel)
    {
        if (last is { } known && refused != known.Proof && time.GetElapsedTime(known.At) < ReadAgainAfter)
            return known.Proof;
        try
        {
            last = new Read(new Proof(await ReadAsync(cancel), certificate), time.GetTimestamp());
        }
        catch (KubernetesConfigException) when (last is not null && refused is null)
        {
            // The file is being renewed; the last token is used until the server refuses it.
        }

        return last.Proof;
    }

    private async Task<AuthenticationHeaderValue> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return BearerToken.Header(await File.ReadAllTextAsync(path, cancel))
                ?? throw new KubernetesConfigException($"the token file {path} holds no token");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConfigException($"the token file {path} cannot be read ({unreadable.GetType().Name})");
        }
    }

    private sealed record Read(Proof Proof, long At);
}

/// <summary>Makes the header of a bearer token.</summary>
internal static class BearerToken
{
    /// <summary>Trims the white space that files and YAML may add; null = the text is empty, or has characters that an HTTP header must not have.</summary>
    public static AuthenticationHeaderValue? Header(string text) =>
        text.Trim() is { Length: > 0 } token && token.All(c => c is > ' ' and <= '~') ? new AuthenticationHeaderValue("Bearer", token) : null;
}
