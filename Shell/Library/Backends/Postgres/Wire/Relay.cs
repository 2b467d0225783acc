using System.Net.Sockets;
using Kollect.Core.Failures;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.Postgres.Wire;

/// <summary>
/// Stands between the driver and a server, because Npgsql takes no stream, waits for a server's messages as long as they come, and takes the
/// memory that a message states. Every connection of the driver comes through a unix socket in a folder that only this user may enter; here it
/// is dialled, secured, logged in, counted and, whatever the driver does, closed.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    /// <summary>The port in the name of the socket, as PostgreSQL's own sockets are named.</summary>
    public const int Port = 5432;

    /// <summary>One for the session, and one for each statement that the driver cancels.</summary>
    private const int MostConnections = 8;

    private const int PieceBytes = 64 << 10;

    private readonly Func<CancellationToken, Task<ServerConnection>> dial;
    private readonly Login login;
    private readonly ServerConnections bounds;
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource closing = new();
    private readonly List<Task> joined = [];
    private readonly Task accepting;

    private Relay(Func<CancellationToken, Task<ServerConnection>> dial, ServerConnection first, Login login, ServerConnections bounds)
    {
        (this.dial, this.login, this.bounds) = (dial, login, bounds);
        Folder = Directory.CreateTempSubdirectory("kollect-").FullName;
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(Folder, $".s.PGSQL.{Port}")));
        listener.Listen();
        bounds.Add(listener);
        accepting = AcceptAsync(first);
    }

    /// <summary>The host of the driver's connection string.</summary>
    public string Folder { get; }

    /// <summary>Why the login failed, if it was not the server that refused it; null = the driver knows more.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Reaches the server; afterwards the driver can connect.</summary>
    /// <param name="dial">Connects and secures the connection.</param>
    public static async Task<Relay> OpenAsync(
        Func<CancellationToken, Task<ServerConnection>> dial, Login login, ServerConnections bounds, CancellationToken cancel) =>
        new(dial, await dial(cancel), login, bounds);

    /// <summary>Ends every connection now.</summary>
    public void Close() => closing.Cancel();

    /// <summary>Ends after the driver has closed its connections: what it sent last still reaches a server that reads it.</summary>
    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        bounds.Remove(listener);
        await accepting;
        await Task.WhenAny(Task.WhenAll(joined), Task.Delay(Waits.Ending));
        await closing.CancelAsync();
        await Task.WhenAll(joined);
        Directory.Delete(Folder, recursive: true);
    }

    private async Task AcceptAsync(ServerConnection first)
    {
        ServerConnection? dialled = first;
        try
        {
            while (joined.Count < MostConnections)
            {
                var driver = await listener.AcceptAsync();
                joined.Add(JoinAsync(driver, dialled));
                dialled = null;
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }

        dialled?.Dispose();
    }

    private async Task JoinAsync(Socket driverSocket, ServerConnection? dialled)
    {
        await using var driver = new NetworkStream(driverSocket, ownsSocket: true);
        bounds.Add(driver);
        try
        {
            var startup = await Frames.ReadStartupAsync(driver, closing.Token);
            using var server = dialled ?? await dial(closing.Token);
            bounds.Add(server);
            try
            {
                await server.Stream.WriteAsync(startup, closing.Token);
                if (!Frames.IsCancelRequest(startup))
                    await login.RunAsync(driver, server, closing.Token);
                await ForwardAsync(driver, server);
            }
            finally
            {
                bounds.Remove(server);
            }
        }
        catch (Exception ended)
        {
            // The driver sees its connection end.
            Failure ??= ended is AnswerTooLargeException or LoginException or UnprotectedPasswordException ? ended : null;
        }
        finally
        {
            dialled?.Dispose();
            bounds.Remove(driver);
        }
    }

    /// <summary>Until both sides have ended. A side that has sent everything may still read.</summary>
    private async Task ForwardAsync(NetworkStream driver, ServerConnection server)
    {
        using var one = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        var up = UpAsync(driver, server, one.Token);
        var down = DownAsync(server.Stream, driver, one.Token);
        if (await Task.WhenAny(up, down) == up)
            one.CancelAfter(Waits.Ending); // the server reads the farewell, and closes
        else
            await one.CancelAsync();
        await Task.WhenAll(up, down);
    }

    private static async Task UpAsync(NetworkStream driver, ServerConnection server, CancellationToken cancel)
    {
        var piece = new byte[PieceBytes];
        for (int bytes; (bytes = await driver.ReadAsync(piece, cancel)) > 0;)
            await server.Stream.WriteAsync(piece.AsMemory(0, bytes), cancel);
        server.Socket.Shutdown(SocketShutdown.Send);
    }

    private async Task DownAsync(Stream server, NetworkStream driver, CancellationToken cancel)
    {
        var piece = new byte[PieceBytes];
        var frames = new FrameBounds(bounds);
        for (int bytes; (bytes = await server.ReadAsync(piece, cancel)) > 0;)
        {
            frames.Follow(piece.AsSpan(0, bytes));
            await driver.WriteAsync(piece.AsMemory(0, bytes), cancel);
        }

        driver.Socket.Shutdown(SocketShutdown.Send);
    }
}
