using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.BigQuery;

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
        // The emulator and the default credentials come from the environment of the process, not from a sink: their hosts are not checked.
        var trusted = Trusted();
        var own = new Http(trusted, Tls.SkipVerify, DialGuard.Unrestricted);
        if (!Address.NeedsCredentials)
            return new BigQueryService(Address.Root, own, null);
        var http = new Http(trusted, Tls.SkipVerify, Guard);
        var credential = await Key.Match(
            key => Task.FromResult(FromKey(key).CreateScoped(Scope).CreateWithHttpClientFactory(http)),
            async () => (await FromEnvironmentAsync(cancel)).CreateScoped(Scope).CreateWithHttpClientFactory(own));
        return new BigQueryService(Address.Root, http, credential);
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

    /// <summary>Google's factory, with the sink's authorities. The token endpoint is Google's own, so the system's authorities stay trusted.</summary>
    private sealed class Http(X509Certificate2Collection trusted, bool skipVerify, DialGuard guard) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args)
        {
            var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = System.Net.DecompressionMethods.GZip,
            };
            if (skipVerify)
                handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
            else if (trusted.Count > 0)
                handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    errors == SslPolicyErrors.None
                    || (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 it && IsTrusted(it));
            if (guard.IsOn)
            {
                (handler.ConnectCallback, handler.UseProxy) = (ConnectAsync, false); // a proxy would resolve the name itself
                handler.SslOptions.CertificateChainPolicy = DialGuard.WithoutDownloads();
            }

            return handler;
        }

        private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
        {
            var addresses = await guard.AddressesAsync(context.DnsEndPoint.Host, cancel);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        private bool IsTrusted(X509Certificate2 certificate)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = guard.IsOn;
            return chain.Build(certificate);
        }
    }
}
