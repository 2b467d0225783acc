using System.Net;
using System.Net.Sockets;

namespace Kollect.Shell.Tests.Backends.Hostile;

/// <summary>A port of 127.0.0.1 at which every connection is treated in the same way, until it ends or this is disposed.</summary>
internal sealed class HostileListener : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> served = [];
    private readonly Task accepting;
    private int open;

    /// <param name="serve">May end by any exception: the connection is over then.</param>
    public HostileListener(Func<Stream, CancellationToken, Task> serve)
    {
        listener.Start();
        accepting = AcceptAsync(serve);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections that the other side has not closed.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Sends nothing more, and reads until the other side closes.</summary>
    public static async Task UntilClosedAsync(Stream stream, CancellationToken cancel)
    {
        var read = new byte[4_096];
        while (await stream.ReadAsync(read, cancel) > 0)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        await Task.WhenAll(served);
        stop.Dispose();
    }

    private async Task AcceptAsync(Func<Stream, CancellationToken, Task> serve)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stop.Token);
                served.Add(ServeAsync(new NetworkStream(socket, ownsSocket: true), serve));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // This was disposed.
        }
    }

    private async Task ServeAsync(NetworkStream stream, Func<Stream, CancellationToken, Task> serve)
    {
        await Task.Yield();
        Interlocked.Increment(ref open);
        await using (stream)
            try
            {
                await serve(stream, stop.Token);
            }
            catch (Exception end) when (end is IOException or OperationCanceledException or SocketException)
            {
                // The other side has closed the connection.
            }

        Interlocked.Decrement(ref open);
    }
}
