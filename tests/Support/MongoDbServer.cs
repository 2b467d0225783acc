using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>How a stand-in server for MongoDB starts. Without users it asks for no authentication.</summary>
public sealed record MongoDbOptions
{
    public IReadOnlyList<MongoDbUser> Users { get; init; } = [];

    /// <summary>TLS only, with a certificate for 127.0.0.1 of an authority made for this server: <see cref="MongoDbServer.AuthorityPem"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>The set whose primary the server is; empty = a standalone server, which knows no retryable writes.</summary>
    public string ReplicaSet { get; init; } = "rs0";
}

/// <summary>A user who logs in with SCRAM-SHA-256.</summary>
/// <param name="Actions">Privilege actions by MongoDB's names, on every database ("find", "createIndex", ...); null = all.</param>
public sealed record MongoDbUser(string Name, string Password, IReadOnlyList<string>? Actions = null);

/// <summary>One command as the server saw it.</summary>
/// <param name="Operations">Statements of a write; null for other commands.</param>
/// <param name="Bytes">Size of the whole message on the wire.</param>
/// <param name="Code">Code of the error that the whole command was answered with; null where it was done.</param>
/// <param name="WriteErrors">Different codes of single statements that failed.</param>
/// <param name="Closed">True where a fault switch closed the connection instead of answering.</param>
/// <param name="Operators">Query operators that its filters used, in ordinal order.</param>
public sealed record MongoDbCommand(
    long Connection,
    string Command,
    string? Database,
    string? Collection,
    int? Operations,
    long Bytes,
    bool Ok,
    int? Code,
    IReadOnlyList<int> WriteErrors,
    bool Closed,
    IReadOnlyList<string> Operators);

/// <summary>
/// A MongoDB server in memory (<c>tests/StandIns/mongodb</c>): the real wire protocol, tested with the official Node driver. The caller disposes it.
/// </summary>
public sealed class MongoDbServer : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly Process process;
    private readonly string folder;

    private MongoDbServer(Process process, string folder, int port, string? authority)
    {
        this.process = process;
        this.folder = folder;
        Port = port;
        AuthorityPem = authority;
    }

    public int Port { get; }

    /// <summary>The certificate authority that signed the server's certificate; null without TLS.</summary>
    public string? AuthorityPem { get; }

    /// <summary>Without user, and without TLS parameters: see <see cref="UriOf"/>.</summary>
    public string Uri => UriOf();

    private string LogFile => Path.Combine(folder, "log.ndjson");

    private string AuthorityFile => Path.Combine(folder, "ca.pem");

    /// <summary>A connection string of one user, who is looked for in the database "admin".</summary>
    public string UriOf(MongoDbUser? user = null, string parameters = "")
    {
        var userInfo = user is null ? "" : $"{System.Uri.EscapeDataString(user.Name)}:{System.Uri.EscapeDataString(user.Password)}@";
        return string.Create(CultureInfo.InvariantCulture, $"mongodb://{userInfo}127.0.0.1:{Port}/{(parameters.Length == 0 ? "" : "?")}{parameters}");
    }

    /// <summary>A server on a free port. Skips where Node.js or its packages are missing, fails there under CI.</summary>
    public static async Task<MongoDbServer> StartAsync(MongoDbOptions? options = null)
    {
        options ??= new MongoDbOptions();
        StandIns.RequireInstalled("mongodb");
        var folder = Directory.CreateTempSubdirectory("kollect-mongodb-").FullName;
        List<string> arguments = ["--port", "0", "--with-parent", "--log", Path.Combine(folder, "log.ndjson"), "--replica-set", options.ReplicaSet];
        foreach (var user in options.Users)
        {
            arguments.AddRange(["--user", user.Name, "--password", user.Password]);
            if (user.Actions is not null)
                arguments.AddRange(["--grant", string.Join(',', user.Actions)]);
        }

        var authority = options.Tls ? TestCertificates.Write(folder) : null;
        if (options.Tls)
            arguments.AddRange(["--tls-cert", Path.Combine(folder, "server.pem"), "--tls-key", Path.Combine(folder, "server.key")]);
        var process = StandIns.Start("mongodb/server.js", arguments);
        try
        {
            var ready = await StandIns.ReadyLineAsync(process, Timeout);
            return new MongoDbServer(process, folder, ready.GetProperty("port").GetInt32(), authority);
        }
        catch
        {
            await StandIns.StopAsync(process);
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>All commands so far, in the order in which they were answered; also those of drivers themselves (hello, ping, endSessions).</summary>
    public async Task<IReadOnlyList<MongoDbCommand>> LogAsync()
    {
        // The server owns the file and goes on writing.
        await using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var commands = new List<MongoDbCommand>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            commands.Add(Parse(line));
        return commands;
    }

    /// <summary>
    /// Sets a fail point, e.g. <c>{"configureFailPoint":"failCommand","mode":{"times":1},"data":{"failCommands":["update"],"errorCode":10107}}</c>.
    /// </summary>
    public Task FailAsync(string configureFailPoint) => RunAsync("mongodb/admin.js", [configureFailPoint]);

    /// <summary>Runs one command, given in Extended JSON, with the official Node driver.</summary>
    public Task CommandAsync(string database, string command, MongoDbUser? user = null) => RunAsync("mongodb/admin.js", [command, database], user);

    /// <summary>All documents of a collection as plain JSON without _id, numbers by their digits, in no order, read by the official Node driver.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string database, string collection, MongoDbUser? user = null) =>
        (await RunAsync("mongodb/rows.js", [database, collection], user)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All documents of a collection as canonical Extended JSON, ordered by _id, read by the official Node driver.</summary>
    public async Task<IReadOnlyList<string>> DumpAsync(string database, string collection, MongoDbUser? user = null) =>
        (await RunAsync("mongodb/dump.js", [database, collection], user)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Inserts documents in Extended JSON with the official Node driver.</summary>
    public Task LoadAsync(string database, string collection, IEnumerable<string> documents, MongoDbUser? user = null) =>
        RunAsync("mongodb/load.js", [database, collection], user, string.Join('\n', documents));

    public async ValueTask DisposeAsync()
    {
        await StandIns.StopAsync(process);
        Directory.Delete(folder, recursive: true);
    }

    private Task<string> RunAsync(string script, IEnumerable<string> arguments, MongoDbUser? user = null, string input = "")
    {
        var tls = AuthorityPem is null ? "" : $"&tls=true&tlsCAFile={System.Uri.EscapeDataString(AuthorityFile)}";
        return StandIns.RunAsync(script, [UriOf(user, $"directConnection=true{tls}"), .. arguments], input);
    }

    private static MongoDbCommand Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new MongoDbCommand(
            root.GetProperty("conn").GetInt64(),
            root.GetProperty("command").GetString()!,
            Text("db"),
            Text("collection"),
            Number("ops"),
            root.GetProperty("bytes").GetInt64(),
            root.GetProperty("ok").GetInt32() == 1,
            Number("code"),
            [.. List("writeErrors").Select(it => it.GetInt32())],
            root.TryGetProperty("closed", out _),
            [.. List("operators").Select(it => it.GetString()!)]);

        string? Text(string name) => root.TryGetProperty(name, out var it) ? it.GetString() : null;
        int? Number(string name) => root.TryGetProperty(name, out var it) ? it.GetInt32() : null;
        IEnumerable<JsonElement> List(string name) => root.TryGetProperty(name, out var it) ? it.EnumerateArray() : [];
    }
}
