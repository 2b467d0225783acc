using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Kollect.Tests.Support;

/// <summary>Accepts every connection and never says a word: a dead database behind a living address.</summary>
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

    /// <summary>What the Secret of a sink may say: a PostgreSQL that never answers.</summary>
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
            // Disposed.
        }
    }
}
