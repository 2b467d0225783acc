using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>
/// A TLS server whose certificate names addresses of its issuer (caIssuers), of OCSP and of a revocation list (RFC 5280, 4.2.2.1 and 4.2.1.13). It does not
/// send its issuer, and answers every request with 404.
/// </summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2 certificate;
    private readonly Task loop;

    /// <param name="addresses">Where the addresses in the certificate lead to; ends with a slash.</param>
    public HostileServer(string addresses)
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=hostile authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issuer = authority.CreateSelfSigned(from, to);
        AuthorityPem = issuer.ExportCertificatePem();

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([addresses + "ocsp"], [addresses + "issuer"]));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([addresses + "crl"]));
        using var signed = request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8));
        certificate = signed.CopyWithPrivateKey(key);

        listener.Start();
        loop = AcceptAsync();
    }

    public string Url => $"https://{listener.LocalEndpoint}/";

    public string AuthorityPem { get; }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await loop;
        certificate.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
                connections.Add(AnswerAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(TcpClient accepted)
    {
        using (accepted)
            try
            {
                await using var tls = new SslStream(accepted.GetStream());
                var context = SslStreamCertificateContext.Create(certificate, null, offline: true);
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context }, stop.Token);
                await tls.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, stop.Token);
                await tls.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"u8.ToArray(), stop.Token);
            }
            catch (Exception refused) when (refused is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client has refused the certificate.
            }
    }
}
