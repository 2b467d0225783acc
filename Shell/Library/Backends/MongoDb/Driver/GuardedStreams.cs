using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Kollect.Shell.Backends.Dial;
using MongoDB.Driver.Core.Connections;

namespace Kollect.Shell.Backends.MongoDb.Driver;

/// <summary>
/// Makes every connection of a client: those of its pool, those of its monitors, those to members that a server announces. Resolves the
/// host, checks each address, and dials exactly those.
/// </summary>
/// <param name="trust">Null = no TLS.</param>
/// <param name="timeout">For one address, its TLS handshake included.</param>
internal sealed class GuardedStreams(DialGuard guard, ServerTrust? trust, TimeSpan timeout) : IStreamFactory
{
    private int dialled;

    /// <summary>Connections that were made so far.</summary>
    public int Dialled => Volatile.Read(ref dialled);

    /// <summary>The driver's monitors call this, each on a thread of its own.</summary>
    public Stream CreateStream(EndPoint endPoint, CancellationToken cancellationToken) =>
        CreateStreamAsync(endPoint, cancellationToken).GetAwaiter().GetResult();

    /// <exception cref="DialException">The guard forbids the host or one of its addresses.</exception>
    /// <exception cref="SocketException">There is no such host, or none of its addresses answers.</exception>
    /// <exception cref="AuthenticationException">TLS failed.</exception>
    /// <exception cref="TimeoutException">The time was over.</exception>
    public async Task<Stream> CreateStreamAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var (host, port) = endPoint switch
        {
            DnsEndPoint name => (name.Host, name.Port),
            IPEndPoint address => (address.Address.ToString(), address.Port),
            _ => throw new NotSupportedException($"no connection is made to a {endPoint.GetType().Name}"),
        };
        var addresses = await WithinAsync(limit => guard.AddressesAsync(host, limit), cancellationToken);
        foreach (var address in addresses[..^1])
            try
            {
                return await ConnectAsync(address, host, port, cancellationToken);
            }
            catch (Exception unreachable) when (unreachable is SocketException or TimeoutException)
            {
                // The next address.
            }

        return await ConnectAsync(addresses[^1], host, port, cancellationToken);
    }

    private Task<Stream> ConnectAsync(IPAddress address, string host, int port, CancellationToken cancel) => WithinAsync(
        async limit =>
        {
            var plain = await DialAsync(new IPEndPoint(address, port), limit);
            return trust is null ? plain : await SecureAsync(plain, trust.Handshake(host), limit);
        },
        cancel);

    private async Task<Stream> DialAsync(IPEndPoint target, CancellationToken cancel)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(target, cancel);
            Interlocked.Increment(ref dialled);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(Stream plain, SslClientAuthenticationOptions handshake, CancellationToken cancel)
    {
        var secured = new SslStream(plain);
        try
        {
            await secured.AuthenticateAsClientAsync(handshake, cancel);
            return secured;
        }
        catch (IOException cut)
        {
            await secured.DisposeAsync();
            throw new AuthenticationException("the connection ended during the TLS handshake", cut);
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        try
        {
            return await step(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException("the host did not answer in time");
        }
    }
}
