using System.Collections.Concurrent;
using Kollect.Host.Demo;
using Npgsql;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>A database of one test. A private server is removed with it; on a given server it and its roles are dropped after the last test.</summary>
public sealed class TestDatabase
{
    private readonly PostgresLogin? given;
    private readonly PrivatePostgres? server;
    private readonly ConcurrentBag<string> roles = [];

    internal TestDatabase(PrivatePostgres server, string name) => (this.server, Name) = (server, name);

    internal TestDatabase(PostgresLogin given, string name) => (this.given, Name) = (given, name);

    public string Name { get; }

    internal string MaintenanceConnectionString => Login.ConnectionString(Login.User, Login.Password, Login.Database);

    // A server that is restarted may listen to another port.
    private PostgresLogin Login => given ?? PostgresLogin.Of(server!);

    /// <summary>libpq URL.</summary>
    /// <param name="role">Null = the user who created the database.</param>
    /// <param name="password">Null = that user's.</param>
    /// <param name="database">Null = the test's.</param>
    /// <param name="parameters">As the URL takes them, e.g. "sslmode=disable".</param>
    public string Url(string? role = null, string? password = null, string? database = null, string parameters = "") =>
        Login.Url(role ?? Login.User, password ?? Login.Password, database ?? Name, parameters);

    /// <summary>Npgsql's form of the same.</summary>
    public string ConnectionString(string? role = null, string? password = null) =>
        Login.ConnectionString(role ?? Login.User, password ?? Login.Password, Name);

    /// <summary>A role that logs in with a password.</summary>
    /// <param name="prefix">Roles belong to the whole server: the role's name is the prefix and the database's name.</param>
    /// <param name="options">As CREATE ROLE takes them.</param>
    /// <returns>The role's name, which needs no quotes where the prefix needs none.</returns>
    public async Task<string> CreateRoleAsync(string prefix, string password, string options = "")
    {
        var role = prefix + Name;
        await ExecuteAsync($"CREATE ROLE \"{role}\" LOGIN PASSWORD '{password}' {options}");
        roles.Add(role);
        return role;
    }

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

    /// <summary>Lets the server log every statement of a new session of this database, not only DDL. Skips where a server is given.</summary>
    public async Task LogEveryStatementAsync()
    {
        _ = LogFile;
        await ExecuteAsync($"ALTER DATABASE {Name} SET log_statement = 'all'");
    }

    /// <summary>
    /// First lines of the statements that the server logged for this database, including what tests themselves ran: DDL, or all after
    /// <see cref="LogEveryStatementAsync"/>. Skips where a server is given.
    /// </summary>
    public async Task<IReadOnlyList<string>> LoggedStatementsAsync()
    {
        // The server owns the file and goes on writing.
        await using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var log = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        return [.. log.Split('\n').Where(line =>
            line.StartsWith($"{Name}:", StringComparison.Ordinal)
            && (line.Contains("statement:", StringComparison.Ordinal) || line.Contains("execute", StringComparison.Ordinal)))];
    }

    private string LogFile => GivenServer.Postgres.Require(server, "the file of its log").LogFile;

    /// <summary>Ends open connections first: PostgreSQL 12 has no DROP DATABASE … WITH (FORCE).</summary>
    internal async Task DropAsync()
    {
        await ExecuteAsync(MaintenanceConnectionString, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name}'");
        await ExecuteAsync(MaintenanceConnectionString, $"DROP DATABASE IF EXISTS {Name}");
        foreach (var role in roles)
            await ExecuteAsync(MaintenanceConnectionString, $"DROP ROLE IF EXISTS \"{role}\"");
    }
}
