using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kollect.Shell.Tests;

/// <summary>A port before a server, which may be taken off the network and put back, and whose connections may be cut after any byte.</summary>
internal sealed class Relay : IAsyncDisposable
{
    /// <summary>A server that has received all that was sent to it, and its end, closes the connection in less time.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(10);

    private readonly DnsEndPoint target;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<TcpClient, Task> open = [];
    private readonly Lock gate = new();
    private readonly long[] passed = new long[2];
    private readonly Task loop;
    private Cut? next;
    private volatile bool isDown;
    private int refused;

    public Relay(int targetPort)
        : this(new DnsEndPoint("127.0.0.1", targetPort))
    {
    }

    public Relay(DnsEndPoint target)
    {
        this.target = target;
        listener.Start();
        loop = AcceptAsync();
    }

    public enum Way
    {
        ToServer,
        ToClient,
    }

    private sealed record Cut(Way Way, long At, Action Done);

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections that were closed at once, because the server is down.</summary>
    public int Refused => refused;

    /// <summary>Bytes of all connections so far.</summary>
    public long Passed(Way way)
    {
        lock (gate)
            return passed[(int)way];
    }

    /// <summary>Closes all connections, and every new one at once.</summary>
    public void GoDown()
    {
        isDown = true;
        Close();
    }

    public void ComeBack() => isDown = false;

    /// <summary>Closes all connections once so many further bytes have passed, in the middle of a message or not.</summary>
    /// <param name="staysDown">True = as <see cref="GoDown"/>; false = new connections are let through.</param>
    /// <param name="cut">Called when it has happened.</param>
    public void CutAfter(Way way, long bytes, bool staysDown, Action cut)
    {
        lock (gate)
            next = new Cut(way, passed[(int)way] + bytes, () =>
            {
                isDown = staysDown;
                Close();
                cut();
            });
    }

    /// <summary>No cut is waited for any more, and the server has done whatever was sent to it over connections that are closed now.</summary>
    public async Task SettledAsync()
    {
        lock (gate)
            next = null;
        await Task.WhenAll(open.Where(it => !it.Key.Connected).Select(it => it.Value));
    }

    public async ValueTask DisposeAsync()
    {
        GoDown();
        await stop.CancelAsync();
        listener.Dispose();
        await loop;
        stop.Dispose();
    }

    private void Close()
    {
        foreach (var client in open.Keys)
            client.Close();
    }

    private async Task AcceptAsync()
    {
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
                {
                    var begins = new TaskCompletionSource();
                    open[client] = RelayAsync(client, begins.Task);
                    begins.SetResult();
                }
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open.Values);
        }
    }

    private async Task RelayAsync(TcpClient client, Task begins)
    {
        await begins;
        using var server = new TcpClient { NoDelay = true };
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(target.Host, target.Port, stop.Token);
            var (one, other) = (client.GetStream(), server.GetStream());
            var (sent, received) = (PumpAsync(one, other, Way.ToServer), PumpAsync(other, one, Way.ToClient));
            await Task.WhenAny(sent, received);
            client.Close();
            await sent;
            server.Client.Shutdown(SocketShutdown.Send);
            await received.WaitAsync(Closing, stop.Token);
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            // One of the two is gone.
        }
        finally
        {
            open.TryRemove(client, out _);
            client.Dispose();
        }
    }

    /// <summary>Ends with the side that is read from; what the other side does not take any more is read all the same.</summary>
    private async Task PumpAsync(NetworkStream from, NetworkStream to, Way way)
    {
        var (buffer, isTaken) = (new byte[1 << 14], true);
        try
        {
            while (await from.ReadAsync(buffer, stop.Token) is > 0 and var read)
                isTaken = isTaken && await ForwardAsync(to, buffer.AsMemory(0, read), way);
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            // It is gone.
        }
    }

    private async Task<bool> ForwardAsync(NetworkStream to, Memory<byte> bytes, Way way)
    {
        var (allowed, cut) = Allow(way, bytes.Length);
        try
        {
            await to.WriteAsync(bytes[..allowed], stop.Token);
            return cut is null;
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            return false;
        }
        finally
        {
            cut?.Done();
        }
    }

    private (int Bytes, Cut? Cut) Allow(Way way, int bytes)
    {
        lock (gate)
        {
            passed[(int)way] += bytes;
            if (next is not { } cut || cut.Way != way || passed[(int)way] < cut.At)
                return (bytes, null);
            next = null;
            return (bytes - (int)(passed[(int)way] - cut.At), cut);
        }
    }

    private static bool IsEnd(Exception ended) =>
        ended is SocketException or IOException or OperationCanceledException or InvalidOperationException or TimeoutException;
}
