using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>An HTTP proxy that opens tunnels (RFC 9110, CONNECT).</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> asked = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;

    public ConnectProxy()
    {
        listener.Start();
        loop = AcceptAsync();
    }

    public string Url => $"http://{listener.LocalEndpoint}/";

    /// <summary>The first line of each request.</summary>
    public string[] Asked => [.. asked];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await loop;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> tunnels = [];
        try
        {
            while (true)
                tunnels.Add(TunnelAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(tunnels);
        }
    }

    private async Task TunnelAsync(TcpClient accepted)
    {
        using (accepted)
            try
            {
                var client = accepted.GetStream();
                var head = await HeadAsync(client);
                asked.Enqueue(head.Split("\r\n")[0]);
                using var target = new TcpClient();
                await target.ConnectAsync(IPEndPoint.Parse(head.Split(' ')[1]), stop.Token);
                await client.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), stop.Token);
                await Task.WhenAny(client.CopyToAsync(target.GetStream(), stop.Token), target.GetStream().CopyToAsync(client, stop.Token));
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException)
            {
                // One of the two sides has closed.
            }
    }

    private async Task<string> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, stop.Token) > 0)
            head.Append((char)one[0]);
        return head.ToString();
    }
}
