using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Kollect.Shell.Backends.Dial;
using MongoDB.Driver.Core.Connections;

namespace Kollect.MongoDb.Driver;

/// <summary>
/// Makes every connection of a client: those of its pool, those of its monitors, those to members that a server announces. Resolves the
/// host, checks each address, and dials exactly those.
/// </summary>
/// <param name="trust">Null = no TLS.</param>
/// <param name="timeout">For one address, its TLS handshake included.</param>
/// <param name="bounds">Holds every connection that was made.</param>
/// <param name="unpacks">The servers may send compressed messages.</param>
internal sealed class GuardedStreams(DialGuard guard, ServerTrust? trust, TimeSpan timeout, ServerConnections bounds, bool unpacks) : IStreamFactory
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
        var addresses = await Dialling.WithinAsync(timeout, limit => guard.AddressesAsync(host, limit), cancellationToken);
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

    private Task<Stream> ConnectAsync(IPAddress address, string host, int port, CancellationToken cancel) => Dialling.WithinAsync<Stream>(
        timeout,
        async limit =>
        {
            var socket = await Dialling.ConnectAsync(new IPEndPoint(address, port), Prepare, limit);
            Interlocked.Increment(ref dialled);
            var plain = new NetworkStream(socket, ownsSocket: true);
            bounds.Add(plain);
            try
            {
                var stream = trust is null ? plain : (Stream)await Dialling.SecureAsync(plain, trust.Handshake(host), limit);
                return new BoundedStream(stream, new MessageBounds(bounds, unpacks), closed: () => bounds.Remove(plain));
            }
            catch
            {
                bounds.Remove(plain);
                throw;
            }
        },
        cancel);

    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }
}
