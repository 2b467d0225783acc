using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Kollect.Core.BigQuery;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;

namespace Kollect.Shell.BigQuery;

/// <summary>How to reach the service.</summary>
/// <param name="Address">Where, and whether to log in.</param>
/// <param name="Key">A service account key; None = Application Default Credentials.</param>
/// <param name="Authority">PEM certificates to trust besides the system's; None = only the system's.</param>
/// <param name="SkipVerify">Believe any certificate.</param>
internal sealed record Connect(Address Address, Option<SecretText> Key, Option<SecretText> Authority, bool SkipVerify)
{
    private const string Scope = "https://www.googleapis.com/auth/bigquery";

    /// <summary>Nothing is sent yet, unless the environment's credentials have to be looked for.</summary>
    public async Task<BigQueryService> OpenAsync(CancellationToken cancel)
    {
        var http = new Http(Trusted(), SkipVerify);
        if (!Address.NeedsCredentials)
            return new BigQueryService(Address.Root, http, null);
        var credential = await Key.Match(key => Task.FromResult(FromKey(key)), () => FromEnvironmentAsync(cancel));
        return new BigQueryService(Address.Root, http, credential.CreateScoped(Scope).CreateWithHttpClientFactory(http));
    }

    private static GoogleCredential FromKey(SecretText key)
    {
        try
        {
            return CredentialFactory.FromJson<ServiceAccountCredential>(key.Reveal()).ToGoogleCredential();
        }
        catch (Exception damaged) when (damaged is CryptographicException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // The exception's own text may quote the key.
            throw new BigQueryException(new Fault.Server("invalid_key", "the private key in credentials.json cannot be read"));
        }
    }

    private static async Task<GoogleCredential> FromEnvironmentAsync(CancellationToken cancel)
    {
        try
        {
            return await GoogleCredential.GetApplicationDefaultAsync(cancel);
        }
        catch (InvalidOperationException)
        {
            throw new BigQueryException(new Fault.Server("no_credentials", "no Application Default Credentials were found"));
        }
    }

    private X509Certificate2Collection Trusted()
    {
        var certificates = new X509Certificate2Collection();
        foreach (var pem in Authority.ToSeq())
            try
            {
                certificates.ImportFromPem(pem.Reveal());
            }
            catch (CryptographicException)
            {
                throw new BigQueryException(new Fault.Network(NetworkFault.Tls));
            }

        return certificates;
    }

    /// <summary>Google's factory, with our trust. The token endpoint is Google's own, so the system's authorities stay trusted.</summary>
    private sealed class Http(X509Certificate2Collection trusted, bool skipVerify) : HttpClientFactory
    {
        protected override HttpClientHandler CreateClientHandler()
        {
            var handler = base.CreateClientHandler();
            if (skipVerify)
                handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
            else if (trusted.Count > 0)
                handler.ServerCertificateCustomValidationCallback = (_, certificate, _, errors) =>
                    errors == System.Net.Security.SslPolicyErrors.None
                    || (errors == System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors && certificate is not null && IsTrusted(certificate));
            return handler;
        }

        private bool IsTrusted(X509Certificate2 certificate)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(certificate);
        }
    }
}
