using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Kollect.Shell.Backends.Dial;

namespace Kollect.BigQuery;

/// <summary>How the requests of one HTTP client are sent.</summary>
/// <param name="Trusted">Authorities to trust besides the system's: the token endpoint is Google's own.</param>
/// <param name="SkipVerify">Accept any certificate.</param>
/// <param name="Guard">Decides which hosts may be dialled.</param>
/// <param name="Takes">Whether an address may get requests: a session of an upload is an address that the server chooses.</param>
internal sealed record HttpSettings(X509Certificate2Collection Trusted, bool SkipVerify, DialGuard Guard, Func<Uri, bool> Takes)
{
    /// <summary>True = requests without a token are not sent.</summary>
    public bool NeedsToken { get; init; }

    /// <summary>For requests whose address no server chooses.</summary>
    public static Func<Uri, bool> AnyHost { get; } = static _ => true;

    /// <summary>For the process's own credentials: nothing that a sink sets applies to them.</summary>
    public static HttpSettings OfProcess { get; } = new([], SkipVerify: false, DialGuard.Unrestricted, AnyHost);

    /// <summary>A new handler, to be disposed with its client.</summary>
    public HttpMessageHandler Handler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip,
        };
        if (SkipVerify)
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        else if (Trusted.Count > 0)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                errors == SslPolicyErrors.None
                || (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 it && IsTrusted(it));
        if (Guard.IsOn)
        {
            (handler.ConnectCallback, handler.UseProxy) = (ConnectAsync, false); // a proxy would resolve the name itself
            handler.SslOptions.CertificateChainPolicy = DialGuard.WithoutDownloads();
        }

        return new BoundRequests(handler, this);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var addresses = await Guard.AddressesAsync(context.DnsEndPoint.Host, cancel);
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
        chain.ChainPolicy.CustomTrustStore.AddRange(Trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = Guard.IsOn;
        return chain.Build(certificate);
    }
}
