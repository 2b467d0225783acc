using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Secrets;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.MongoDb.Native;

namespace Kollect.Shell.Backends.MongoDb;

/// <summary>Opens connections to the server.</summary>
/// <param name="Uri">Only options of the allow-list.</param>
/// <param name="Tls">Authorities to trust.</param>
/// <param name="Guard">Decides which hosts may be dialled.</param>
internal sealed record ConnectionFactory(SecretText Uri, ResolvedTls Tls, DialGuard Guard)
{
    /// <summary>Resolves names, connects, authenticates and reads the server's <c>hello</c>.</summary>
    public async Task<Connection> OpenAsync(CancellationToken cancel)
    {
        if (!MongocLibrary.IsThere)
            throw new MongoDbException(Errors.LibraryMissing, "the driver is not installed");
        var trust = Tls.Authority.MatchUnsafe<TrustFile?>(pem => TrustFile.Write(pem.Reveal()), () => null);
        IMongoDb? server = null;
        try
        {
            server = await NativeClient.OpenAsync(Uri, trust?.Path, Tls.SkipVerify, Guard, cancel);
            return new Connection(server, await server.CommandAsync(Questions.Admin, Questions.Hello, cancel), trust);
        }
        catch
        {
            server?.Dispose();
            trust?.Dispose();
            throw;
        }
    }
}

/// <summary>A client that has reached its server.</summary>
/// <param name="Server">Disposed with this.</param>
/// <param name="Hello">The server's reply to <c>hello</c>.</param>
/// <param name="Trust">Deleted with this; null = the system's authorities.</param>
internal sealed record Connection(IMongoDb Server, byte[] Hello, TrustFile? Trust) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        Server.Dispose();
        Trust?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The driver reads authorities from a file only, and reads it again with each connection.</summary>
internal sealed record TrustFile(string Path) : IDisposable
{
    /// <summary>Only this user may read or write it.</summary>
    public static TrustFile Write(string pem)
    {
        var path = Directory.CreateTempSubdirectory("kollect-ca-").FullName;
        var file = System.IO.Path.Combine(path, "ca.pem");
        File.WriteAllText(file, pem);
        return new TrustFile(file);
    }

    public void Dispose()
    {
        if (System.IO.Path.GetDirectoryName(Path) is { } folder && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
