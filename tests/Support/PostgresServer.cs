using System.Collections.Concurrent;
using Kollect.Host.Demo;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>One real PostgreSQL for all tests of a process: the server of KOLLECT_TEST_POSTGRES, else a private one. Each test has its own database.</summary>
public static class PostgresServer
{
    private static readonly Lazy<Task<PrivatePostgres>> Private = new(StartAsync);
    private static readonly Lazy<Task<PostgresLogin>> Given = new(() => GivenServer.Postgres.AnswerAsync(ConnectAsync));
    private static readonly ConcurrentBag<TestDatabase> Databases = [];

    /// <summary>A fresh database on the shared server. Skips where none is given and none is installed, fails there under CI.</summary>
    public static async Task<TestDatabase> CreateDatabaseAsync()
    {
        var name = GivenServer.UniqueName();
        TestDatabase database;
        if (GivenServer.Postgres.Value is null)
        {
            RequireInstalled();
            database = new TestDatabase(await Private.Value, name);
        }
        else
            database = new TestDatabase(await Given.Value, name);
        await TestDatabase.ExecuteAsync(database.MaintenanceConnectionString, $"CREATE DATABASE {name}");
        Databases.Add(database);
        return database;
    }

    /// <summary>Skips the test on a developer's machine, fails it under CI.</summary>
    public static void RequireInstalled()
    {
        if (PrivatePostgres.FindBinFolder() is not null)
            return;
        var reason = new PostgresNotInstalledException().Message;
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            Assert.Fail(reason);
        Assert.Skip(reason);
    }

    /// <summary>A server that one test may stop and restart; the caller disposes it. Skips where a server is given.</summary>
    internal static async Task<PrivatePostgres> StartOwnAsync(params (string, string)[] settings)
    {
        GivenServer.Postgres.RequireNone("a server of its own, to configure, stop and restart");
        RequireInstalled();
        return await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions { Settings = settings.ToDictionary(it => it.Item1, it => it.Item2) },
            TestContext.Current.CancellationToken);
    }

    private static Task<PrivatePostgres> StartAsync() => PrivatePostgres.StartAsync(
        new PrivatePostgresOptions
        {
            Settings = new Dictionary<string, string> { ["fsync"] = "off", ["log_statement"] = "ddl", ["log_line_prefix"] = "%d:" },
        },
        CancellationToken.None);

    private static async Task<PostgresLogin> ConnectAsync(string url)
    {
        var login = PostgresLogin.Parse(url);
        await TestDatabase.ExecuteAsync(login.ConnectionString(login.User, login.Password, login.Database), "SELECT 1");
        return login;
    }

    /// <summary>Removes a private server with its data; on a given server drops the databases and roles of the tests.</summary>
    internal static async Task StopSharedAsync()
    {
        if (Private.IsValueCreated)
            await (await Private.Value).DisposeAsync();
        else
            foreach (var database in Databases)
                await database.DropAsync();
    }
}

/// <summary>
/// Stops or cleans the shared server after the last test; a test assembly that uses it says <c>[assembly: AssemblyFixture(typeof(PostgresServerFixture))]</c>.
/// The end of the process would be too late: the test host is killed before a server's folder is gone.
/// </summary>
public sealed class PostgresServerFixture : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await PostgresServer.StopSharedAsync();
}
