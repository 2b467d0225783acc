using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.Postgres.Wire;

/// <summary>One way to reach a server.</summary>
/// <param name="At">An address that the guard has judged, or a unix socket.</param>
/// <param name="Name">The name that the server's certificate must carry.</param>
/// <param name="Keepalive">None = the settings of the operating system.</param>
internal sealed record ServerTarget(EndPoint At, string Name, Option<Keepalive> Keepalive)
{
    /// <summary>Connects and, where it is wanted, secures the connection (PostgreSQL manual, "SSL Session Encryption").</summary>
    public async Task<ServerConnection> ConnectAsync(SslMode tls, ServerTrust trust, CancellationToken cancel)
    {
        var socket = await Dialling.ConnectAsync(At, Prepare, cancel);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (tls != SslMode.Disable && await OffersTlsAsync(stream, tls, cancel))
                stream = await Dialling.SecureAsync(stream, Handshake(tls, trust), cancel);
            return new ServerConnection(socket, stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Nothing is sent before the answer, and exactly one byte of it is read: what follows is part of the handshake.</summary>
    private static async Task<bool> OffersTlsAsync(Stream stream, SslMode tls, CancellationToken cancel)
    {
        await stream.WriteAsync(Frames.TlsRequest, cancel);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, cancel);
        return answer[0] switch
        {
            (byte)'S' => true,
            (byte)'N' when tls == SslMode.Prefer => false,
            (byte)'N' => throw new AuthenticationException("the server has no TLS"),
            _ => throw new IOException("this is no PostgreSQL server"),
        };
    }

    /// <summary>As libpq: only verify-ca and verify-full check the certificate.</summary>
    private SslClientAuthenticationOptions Handshake(SslMode tls, ServerTrust trust)
    {
        var handshake = trust.Handshake(Name);
        handshake.ApplicationProtocols = [new SslApplicationProtocol("postgresql")];
        var tolerated = tls switch
        {
            SslMode.VerifyFull => SslPolicyErrors.None,
            SslMode.VerifyCa => SslPolicyErrors.RemoteCertificateNameMismatch,
            _ => SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNotAvailable,
        };
        handshake.RemoteCertificateValidationCallback ??= (_, _, _, errors) => (errors & ~tolerated) == SslPolicyErrors.None;
        return handshake;
    }

    private void Prepare(Socket socket)
    {
        if (At is UnixDomainSocketEndPoint)
            return;
        socket.NoDelay = true;
        if (!Keepalive.Match(it => it.Enabled, () => true))
            return;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Seconds(Keepalive.Bind(it => it.IdleSeconds), 30));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Seconds(Keepalive.Bind(it => it.IntervalSeconds), 10));
    }

    /// <summary>The system refuses a longer one.</summary>
    private static int Seconds(Option<int> given, int otherwise) => Math.Clamp(given.IfNone(otherwise), 1, PostgresConnection.LongestKeepalive);
}

/// <summary>A connection to a server, before anybody has logged in.</summary>
/// <param name="Stream">Plain or secured.</param>
internal sealed record ServerConnection(Socket Socket, Stream Stream) : IDisposable
{
    public bool IsSecured => Stream is SslStream;

    /// <summary>
    /// RFC 5929, <c>tls-server-end-point</c>: the hash of the server's certificate by the function of its signature, SHA-256 for MD5 and SHA-1.
    /// Null = no TLS, or the function is not known, as for Ed25519.
    /// </summary>
    public byte[]? EndPointHash()
    {
        if ((Stream as SslStream)?.RemoteCertificate is not { } remote)
            return null;
        using var certificate = new X509Certificate2(remote);
        var signature = certificate.SignatureAlgorithm.FriendlyName ?? "";
        var raw = certificate.GetRawCertData();
        return signature switch
        {
            _ when Has("sha512") => SHA512.HashData(raw),
            _ when Has("sha384") => SHA384.HashData(raw),
            _ when Has("sha256") || Has("sha1") || Has("md5") => SHA256.HashData(raw),
            _ => null,
        };

        bool Has(string function) => signature.StartsWith(function, StringComparison.OrdinalIgnoreCase);
    }

    // Not the stream, which would send the server a farewell and wait for it.
    public void Dispose() => Socket.Dispose();
}
