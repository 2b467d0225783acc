using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Apis.Auth.OAuth2;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Shell.Backends.Dial;

namespace Kollect.BigQuery;

/// <summary>Opens connections to the service.</summary>
/// <param name="Address">The address, and whether requests are authenticated.</param>
/// <param name="Key">A service account key; None = Application Default Credentials.</param>
/// <param name="Tls">Authorities to trust besides the system's.</param>
/// <param name="Guard">Decides which hosts may be dialled.</param>
internal sealed record ConnectionFactory(Address Address, Option<SecretText> Key, ResolvedTls Tls, DialGuard Guard)
{
    private const string Scope = "https://www.googleapis.com/auth/bigquery";

    /// <summary>Sends nothing, unless the environment's credentials have to be discovered.</summary>
    public async Task<BigQueryService> OpenAsync(CancellationToken cancel)
    {
        var clients = new HttpClients();
        try
        {
            return await OpenAsync(clients, cancel);
        }
        catch
        {
            clients.Dispose();
            throw;
        }
    }

    private async Task<BigQueryService> OpenAsync(HttpClients clients, CancellationToken cancel)
    {
        // The emulator and the default credentials come from the environment of the process, not from a sink: their hosts are not checked.
        var ofSink = new HttpSettings(Trusted(), Tls.SkipVerify, Guard, Address.Takes);
        if (!Address.NeedsCredentials)
            return new BigQueryService(Address.Root, clients.Factory(ofSink with { Guard = DialGuard.Unrestricted }), null, clients);
        var credential = await Key.Match(
            key => Task.FromResult(FromKey(key).CreateScoped(Scope).CreateWithHttpClientFactory(clients.Factory(ofSink with { Takes = HttpSettings.AnyHost }))),
            async () => (await FromEnvironmentAsync(cancel)).CreateScoped(Scope).CreateWithHttpClientFactory(clients.Factory(HttpSettings.OfProcess)));
        return new BigQueryService(Address.Root, clients.Factory(ofSink with { NeedsToken = true }), credential, clients);
    }

    private static GoogleCredential FromKey(SecretText key)
    {
        try
        {
            return CredentialFactory.FromJson<ServiceAccountCredential>(key.Reveal()).ToGoogleCredential();
        }
        catch (Exception damaged)
            when (damaged is CryptographicException or FormatException or ArgumentException or InvalidOperationException or NotSupportedException)
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
        foreach (var pem in Tls.Authority.ToSeq())
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
}
