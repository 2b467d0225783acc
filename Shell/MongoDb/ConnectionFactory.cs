using Kollect.Core.Backends.MongoDb;
using Kollect.MongoDb.Driver;
using Kollect.Shell.Backends.Dial;

namespace Kollect.MongoDb;

/// <summary>Opens connections to the server.</summary>
/// <param name="Trust">Which certificate of the server is accepted.</param>
/// <param name="Guard">Decides which hosts may be dialled.</param>
internal sealed record ConnectionFactory(DriverUri Uri, ServerTrust Trust, DialGuard Guard)
{
    /// <summary>Resolves names, connects, authenticates and reads the server's <c>hello</c>.</summary>
    public async Task<Connection> OpenAsync(ServerConnections bounds, CancellationToken cancel)
    {
        IMongoDb server = await DriverClient.OpenAsync(Uri, Trust, Guard, bounds, cancel);
        try
        {
            return new Connection(server, await server.CommandAsync(Questions.Admin, Questions.Hello, cancel));
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }
}

/// <summary>A client that has reached its server.</summary>
/// <param name="Server">Disposed with this.</param>
/// <param name="Hello">The server's reply to <c>hello</c>.</param>
internal sealed record Connection(IMongoDb Server, byte[] Hello) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        Server.Dispose();
        return ValueTask.CompletedTask;
    }
}
