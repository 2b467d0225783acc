using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A small HTTP server for answers that an API server never gives.</summary>
internal sealed class Answering : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentQueue<string> asked = new();
    private readonly Task loop;

    public Answering(Func<HttpListenerContext, Task> answer)
    {
        Url = $"http://127.0.0.1:{FreePort()}/";
        listener.Prefixes.Add(Url);
        listener.Start();
        loop = AnswerAsync(answer);
    }

    public string Url { get; }

    /// <summary>The Authorization header of each request; empty = none.</summary>
    public string[] Asked => [.. asked];

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await loop;
    }

    private async Task AnswerAsync(Func<HttpListenerContext, Task> answer)
    {
        while (true)
            try
            {
                var context = await listener.GetContextAsync();
                asked.Enqueue(context.Request.Headers["Authorization"] ?? "");
                await answer(context);
                context.Response.Close();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                if (!listener.IsListening)
                    return;
            }
    }

    private static string FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
