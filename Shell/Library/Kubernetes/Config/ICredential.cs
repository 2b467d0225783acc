using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Kollect.Shell.Kubernetes.Config;

/// <summary>What shows the API server who we are.</summary>
/// <param name="Header">Sent with each request; null = nothing.</param>
/// <param name="Certificate">Presented in the TLS handshake; null = none.</param>
internal sealed record Proof(AuthenticationHeaderValue? Header, X509Certificate2? Certificate)
{
    /// <summary>Never the token.</summary>
    public override string ToString() => "***";
}

/// <summary>Who we are to the API server.</summary>
internal interface ICredential
{
    /// <summary>What shows it now; equal to what it was before, until there is something newer.</summary>
    /// <param name="refused">The server has just answered 401 to this: where nothing newer is known, it is looked for. Null = nothing was refused.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="KubernetesConfigException">There is none to be had.</exception>
    ValueTask<Proof> GetAsync(Proof? refused, CancellationToken cancel);
}

/// <summary>What a kubeconfig holds itself; also nothing at all.</summary>
internal sealed class FixedCredential(Proof proof) : ICredential
{
    public static FixedCredential Anonymous { get; } = new(new Proof(null, null));

    public ValueTask<Proof> GetAsync(Proof? refused, CancellationToken cancel) => new(proof);
}

/// <summary>A token in a file that somebody else renews, as the kubelet does: read again each minute, and when it was refused.</summary>
/// <param name="path">The file.</param>
/// <param name="certificate">Presented besides; null = none.</param>
/// <param name="time">For the minute.</param>
internal sealed class TokenFile(string path, X509Certificate2? certificate, TimeProvider time) : ICredential
{
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(1);

    private Read? last;

    public async ValueTask<Proof> GetAsync(Proof? refused, CancellationToken cancel)
    {
        if (last is { } known && refused != known.Proof && time.GetElapsedTime(known.At) < Believed)
            return known.Proof;
        try
        {
            last = new Read(new Proof(await ReadAsync(cancel), certificate), time.GetTimestamp());
        }
        catch (KubernetesConfigException) when (last is not null && refused is null)
        {
            // The file is just being renewed; what we have is good until it is refused.
        }

        return last.Proof;
    }

    private async Task<AuthenticationHeaderValue> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return BearerToken.Header(await File.ReadAllTextAsync(path, cancel)) ?? throw new KubernetesConfigException($"the token file {path} holds no token");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConfigException($"the token file {path} cannot be read ({unreadable.GetType().Name})");
        }
    }

    private sealed record Read(Proof Proof, long At);
}

/// <summary>The one way from text to a bearer token.</summary>
internal static class BearerToken
{
    /// <summary>Without the white space around it, as files and YAML leave some; null = empty, or of characters that no HTTP header may have.</summary>
    public static AuthenticationHeaderValue? Header(string text) =>
        text.Trim() is { Length: > 0 } token && token.All(c => c is > ' ' and <= '~') ? new AuthenticationHeaderValue("Bearer", token) : null;
}
