using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>How a stand-in server for MongoDB starts. Without users it asks for no authentication.</summary>
public sealed record MongoDbOptions
{
    /// <summary>A feature that a given server does not have, e.g. "fault switches": the test skips there. Null = none.</summary>
    public string? Needs { get; init; }

    /// <summary>Tests log in as the first of them.</summary>
    public IReadOnlyList<MongoDbUser> Users { get; init; } = [];

    /// <summary>TLS only, with a certificate for 127.0.0.1 of an authority made for this server: <see cref="MongoDbServer.AuthorityPem"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>
    /// The certificate for <see cref="Tls"/>: writes server.pem and server.key into a folder and gives the authority's PEM. Null = one for 127.0.0.1.
    /// </summary>
    public Func<string, string>? Certificate { get; init; }

    /// <summary>Further members of the set, host:port each, that the server announces; they need not exist.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

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
/// The MongoDB server of KOLLECT_TEST_MONGODB, else one in memory (<c>tests/StandIns/mongodb</c>): the real wire protocol, tested with the official
/// Node driver. The caller disposes it.
/// </summary>
public sealed class MongoDbServer : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly Lazy<Task<MongoDbUri>> Given = new(() => GivenServer.MongoDb.AnswerAsync(ConnectAsync));
    private readonly MongoDbUri address;
    private readonly StandIn? standIn;
    private readonly ConcurrentBag<string> databases = [];
    private readonly ConcurrentBag<string> databasesWithUsers = [];

    private MongoDbServer(MongoDbUri address, StandIn? standIn, MongoDbUser? user) => (this.address, this.standIn, User) = (address, standIn, user);

    /// <summary>The certificate authority that signed the server's certificate; null without TLS.</summary>
    public string? AuthorityPem => standIn?.AuthorityPem;

    /// <summary>The user of tests; null = the server asks for none.</summary>
    public MongoDbUser? User { get; }

    /// <summary>Connection string of <see cref="User"/>, without parameters for the TLS of a stand-in.</summary>
    public string Uri => UriOf(User);

    /// <summary>A connection string of one user.</summary>
    /// <param name="user">Null = without a user.</param>
    /// <param name="parameters">As the URI takes them, e.g. "replicaSet=rs0".</param>
    public string UriOf(MongoDbUser? user = null, string parameters = "") => address.Of(user, parameters);

    /// <summary>The given server, or a stand-in on a free port. Skips where Node.js or its packages are missing, fails there under CI.</summary>
    public static async Task<MongoDbServer> StartAsync(MongoDbOptions? options = null)
    {
        options ??= new MongoDbOptions();
        if (options.Needs is not null || options.Tls)
            GivenServer.MongoDb.RequireNone(options.Needs ?? "TLS with an authority of its own");
        StandIns.RequireInstalled("mongodb");
        if (GivenServer.MongoDb.Value is not null)
            return new MongoDbServer(await Given.Value, null, (await Given.Value).User);

        var folder = Directory.CreateTempSubdirectory("kollect-mongodb-").FullName;
        List<string> arguments = ["--port", "0", "--with-parent", "--log", Path.Combine(folder, "log.ndjson"), "--replica-set", options.ReplicaSet];
        foreach (var user in options.Users)
        {
            arguments.AddRange(["--user", user.Name, "--password", user.Password]);
            if (user.Actions is not null)
                arguments.AddRange(["--grant", string.Join(',', user.Actions)]);
        }

        foreach (var member in options.Members)
            arguments.AddRange(["--member", member]);
        var authority = options.Tls ? (options.Certificate ?? TestCertificates.Write)(folder) : null;
        if (options.Tls)
            arguments.AddRange(["--tls-cert", Path.Combine(folder, "server.pem"), "--tls-key", Path.Combine(folder, "server.key")]);
        var process = StandIns.Start("mongodb/server.js", arguments);
        try
        {
            var ready = await StandIns.ReadyLineAsync(process, Timeout);
            var address = MongoDbUri.OfPort(ready.GetProperty("port").GetInt32());
            return new MongoDbServer(address, new StandIn(process, folder, authority), options.Users.FirstOrDefault());
        }
        catch
        {
            await StandIns.StopAsync(process);
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Name of a database of one test; on a given server it is dropped with this object.</summary>
    public string NewDatabase()
    {
        var name = GivenServer.UniqueName();
        databases.Add(name);
        return name;
    }

    /// <summary>
    /// A connection string of a user with these actions on a database of <see cref="NewDatabase"/>. A stand-in was started with that user; a given server
    /// creates it in the database, and the test skips where that server refuses.
    /// </summary>
    public async Task<string> UriOfAsync(MongoDbUser user, string database)
    {
        if (standIn is not null)
            return UriOf(user);
        var privilege = $$"""{"resource":{"db":"{{database}}","collection":""},"actions":{{JsonSerializer.Serialize(user.Actions)}} }""";
        try
        {
            await CommandAsync(database, $$"""{"createRole":"{{user.Name}}","privileges":[{{privilege}}],"roles":[]}""", User);
            databasesWithUsers.Add(database);
            await CommandAsync(database, $$"""{"createUser":"{{user.Name}}","pwd":"{{user.Password}}","roles":["{{user.Name}}"]}""", User);
        }
        catch (InvalidOperationException refused)
        {
            GivenServer.MongoDb.RequireNone($"a user with fewer privileges ({refused.Message.Trim()})");
        }

        return address.Of(user, "", authenticatedBy: database);
    }

    /// <summary>All commands so far, in the order in which they were answered; also those of drivers themselves (hello, ping, endSessions).</summary>
    public async Task<IReadOnlyList<MongoDbCommand>> LogAsync()
    {
        // The server owns the file and goes on writing.
        var logFile = GivenServer.MongoDb.Require(standIn, "a log of commands").LogFile;
        await using var file = new FileStream(logFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var commands = new List<MongoDbCommand>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            commands.Add(Parse(line));
        return commands;
    }

    /// <summary>
    /// Sets a fail point, e.g. <c>{"configureFailPoint":"failCommand","mode":{"times":1},"data":{"failCommands":["update"],"errorCode":10107}}</c>.
    /// </summary>
    public Task FailAsync(string configureFailPoint)
    {
        GivenServer.MongoDb.Require(standIn, "fault switches");
        return RunAsync("mongodb/admin.js", [configureFailPoint]);
    }

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
        if (standIn is not null)
            await standIn.DisposeAsync();
        else
        {
            foreach (var database in databasesWithUsers)
            {
                await CommandAsync(database, """{"dropAllUsersFromDatabase":1}""", User);
                await CommandAsync(database, """{"dropAllRolesFromDatabase":1}""", User);
            }

            foreach (var database in databases)
                await CommandAsync(database, """{"dropDatabase":1}""", User);
        }
    }

    /// <summary>Shorter than the drivers' default of 30 seconds, so that a missing server fails the test soon.</summary>
    private static async Task<MongoDbUri> ConnectAsync(string uri)
    {
        var address = MongoDbUri.Parse(uri);
        await StandIns.RunAsync("mongodb/admin.js", [address.Of(address.User, "serverSelectionTimeoutMS=5000"), """{"ping":1}"""]);
        return address;
    }

    private Task<string> RunAsync(string script, IEnumerable<string> arguments, MongoDbUser? user = null, string input = "") =>
        StandIns.RunAsync(script, [UriOf(user, standIn?.DriverParameters ?? ""), .. arguments], input);

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

    /// <summary>The process, and its folder with log and certificates.</summary>
    private sealed record StandIn(Process Process, string Folder, string? AuthorityPem) : IAsyncDisposable
    {
        public string LogFile => Path.Combine(Folder, "log.ndjson");

        /// <summary>What the Node driver needs to know.</summary>
        public string DriverParameters =>
            "directConnection=true" + (AuthorityPem is null ? "" : $"&tls=true&tlsCAFile={System.Uri.EscapeDataString(Path.Combine(Folder, "ca.pem"))}");

        public async ValueTask DisposeAsync()
        {
            await StandIns.StopAsync(Process);
            Directory.Delete(Folder, recursive: true);
        }
    }
}
