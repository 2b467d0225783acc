using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>A port before a server, which may be taken off the network and put back.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly IPEndPoint target;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<TcpClient, bool> open = [];
    private readonly Task loop;
    private volatile bool isDown;
    private int refused;

    public Relay(int targetPort)
    {
        target = new IPEndPoint(IPAddress.Loopback, targetPort);
        listener.Start();
        loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections that were closed at once, because the server is down.</summary>
    public int Refused => refused;

    /// <summary>Closes all connections, and every new one at once.</summary>
    public void GoDown()
    {
        isDown = true;
        foreach (var client in open.Keys)
            client.Close();
    }

    public void ComeBack() => isDown = false;

    public async ValueTask DisposeAsync()
    {
        GoDown();
        await stop.CancelAsync();
        listener.Dispose();
        await loop;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> relayed = [];
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                if (isDown)
                {
                    Interlocked.Increment(ref refused);
                    client.Dispose();
                }
                else
                    relayed.Add(RelayAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relayed);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        open[client] = true;
        try
        {
            await server.ConnectAsync(target, stop.Token);
            var (one, other) = (client.GetStream(), server.GetStream());
            await Task.WhenAny(one.CopyToAsync(other, stop.Token), other.CopyToAsync(one, stop.Token));
        }
        catch (Exception ended) when (ended is SocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // One of the two is gone.
        }
        finally
        {
            open.TryRemove(client, out _);
            client.Dispose();
        }
    }
}
