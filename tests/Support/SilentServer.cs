using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kollect.Tests.Support;

/// <summary>Accepts every connection and never sends a byte: a dead database behind a reachable address.</summary>
public sealed class SilentServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> held = [];
    private int connections;

    public SilentServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>A URL for the Secret of a sink: a PostgreSQL server that never answers.</summary>
    public string PostgresUrl => string.Create(CultureInfo.InvariantCulture, $"postgresql://a:b@127.0.0.1:{Port}/x");

    /// <summary>Connections so far.</summary>
    public int Connections => connections;

    public void Dispose()
    {
        listener.Dispose();
        lock (held)
            held.ForEach(socket => socket.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync();
                Interlocked.Increment(ref connections);
                lock (held)
                    held.Add(socket);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The listener was disposed.
        }
    }
}
