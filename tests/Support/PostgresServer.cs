using System.Globalization;
using Kollect.Host.Demo;
using Npgsql;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>One real PostgreSQL for all tests of a process; each test takes a database of its own.</summary>
public static class PostgresServer
{
    private static readonly Lazy<Task<PrivatePostgres>> Shared = new(StartAsync);
    private static int databases;

    /// <summary>A fresh database on the shared server. Skips where no server is installed, fails there under CI.</summary>
    public static async Task<TestDatabase> CreateDatabaseAsync()
    {
        RequireInstalled();
        var server = await Shared.Value;
        var database = new TestDatabase(server, $"db{Interlocked.Increment(ref databases)}_{Environment.ProcessId}");
        await TestDatabase.ExecuteAsync(database.ConnectionString(server.Superuser, server.Password, "postgres"), $"CREATE DATABASE {database.Name}");
        return database;
    }

    /// <summary>Skips on a laptop, fails under CI.</summary>
    public static void RequireInstalled()
    {
        if (PrivatePostgres.FindBinFolder() is not null)
            return;
        var reason = new PostgresNotInstalledException().Message;
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.Fail(reason);
        Assert.Skip(reason);
    }

    /// <summary>A server that one test may stop and restart; the caller disposes it.</summary>
    internal static async Task<PrivatePostgres> StartOwnAsync(params (string, string)[] settings)
    {
        RequireInstalled();
        return await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions { Settings = settings.ToDictionary(it => it.Item1, it => it.Item2) },
            TestContext.Current.CancellationToken);
    }

    private static async Task<PrivatePostgres> StartAsync()
    {
        var server = await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions
            {
                Settings = new Dictionary<string, string> { ["fsync"] = "off", ["log_statement"] = "ddl", ["log_line_prefix"] = "%d:" },
            },
            CancellationToken.None);
        return server;
    }

    internal static async Task StopSharedAsync()
    {
        if (Shared.IsValueCreated)
            await (await Shared.Value).DisposeAsync();
    }
}

/// <summary>
/// Stops the shared server after the last test; a test assembly that uses it says <c>[assembly: AssemblyFixture(typeof(PostgresServerFixture))]</c>.
/// The end of the process would be too late: the test host is killed before a server's folder is gone.
/// </summary>
public sealed class PostgresServerFixture : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await PostgresServer.StopSharedAsync();
}

/// <summary>A database of one test; it goes with the server.</summary>
public sealed class TestDatabase
{
    private readonly PrivatePostgres server;

    internal TestDatabase(PrivatePostgres server, string name)
    {
        this.server = server;
        Name = name;
    }

    public string Name { get; }

    public int Port => server.Port;

    public string Superuser => server.Superuser;

    public string Password => server.Password;

    /// <summary>libpq URL of the superuser, or of a role that was created with that password.</summary>
    public string Url(string? role = null, string? password = null) => string.Create(
        CultureInfo.InvariantCulture, $"postgresql://{role ?? Superuser}:{password ?? Password}@127.0.0.1:{Port}/{Name}");

    /// <summary>Npgsql's form of the same.</summary>
    public string ConnectionString(string? role = null, string? password = null, string? database = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Username={role ?? Superuser};Password={password ?? Password};Database={database ?? Name};Pooling=false");

    public Task ExecuteAsync(string sql) => ExecuteAsync(ConnectionString(), sql);

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> ScalarAsync<T>(string sql) => (await RowsAsync(sql, row => row.GetFieldValue<T>(0))).Single();

    public async Task<IReadOnlyList<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = new NpgsqlConnection(ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>DDL that the server logged for this database, including what tests themselves ran.</summary>
    public async Task<IReadOnlyList<string>> LoggedDdlAsync()
    {
        // The server owns the file and goes on writing.
        await using var file = new FileStream(server.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var log = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        return [.. log.Split('\n').Where(line =>
            line.StartsWith($"{Name}:", StringComparison.Ordinal)
            && (line.Contains("statement:", StringComparison.Ordinal) || line.Contains("execute", StringComparison.Ordinal)))];
    }
}
