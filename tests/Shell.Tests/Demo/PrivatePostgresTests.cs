using System.Globalization;
using Kollect.Host.Demo;
using Npgsql;

namespace Kollect.Shell.Tests.Demo;

public sealed class PrivatePostgresTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposal_ends_every_process_and_removes_the_folder()
    {
        var server = await PostgresServer.StartOwnAsync();
        var processes = Family(server.Pid);
        Assert.True(processes.Count > 1, "a server has several processes");
        await server.DisposeAsync();
        Assert.DoesNotContain(processes, IsPostgres);
        Assert.False(Directory.Exists(server.SocketFolder));
    }

    [Fact]
    public async Task A_stopped_server_starts_again_with_its_port_and_its_data()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        var port = server.Port;
        await ScalarAsync(server, "CREATE TABLE kept (); SELECT 1");
        await server.StopAsync("immediate", Cancel);
        await Assert.ThrowsAsync<NpgsqlException>(() => ScalarAsync(server, "SELECT 1"));
        await server.StartAsync(Cancel);
        Assert.Equal(port, server.Port);
        Assert.Equal("kept", await ScalarAsync(server, "SELECT to_regclass('kept')::text"));
    }

    [Fact]
    public async Task Settings_reach_the_server_and_it_listens_on_loopback_only()
    {
        await using var server = await PostgresServer.StartOwnAsync(("max_connections", "7"), ("fsync", "off"));
        Assert.Equal("7", await ScalarAsync(server, "SELECT current_setting('max_connections')"));
        Assert.Equal("off", await ScalarAsync(server, "SELECT current_setting('fsync')"));
        Assert.Equal("127.0.0.1", await ScalarAsync(server, "SELECT current_setting('listen_addresses')"));
        Assert.Equal("UTF8", await ScalarAsync(server, "SELECT current_setting('server_encoding')"));
    }

    [Fact]
    public async Task The_server_never_runs_as_root_and_requires_a_password()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        Assert.NotEqual("0", StatusOf(server.Pid, "Uid:").Split('\t')[0]);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(server, "SELECT 1", password: "wrong"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    private static async Task<object?> ScalarAsync(PrivatePostgres server, string sql, string? password = null)
    {
        await using var connection = new NpgsqlConnection(string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={server.Port};Username={server.Superuser};Password={password ?? server.Password};Database=postgres;Pooling=false"));
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }

    /// <summary>A process and its children.</summary>
    private static IReadOnlyList<int> Family(int parent) =>
    [
        parent,
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && StatusOf(pid, "PPid:") == parent.ToString(CultureInfo.InvariantCulture)),
    ];

    private static bool IsPostgres(int pid) => StatusOf(pid, "Name:") == "postgres" && !StatusOf(pid, "State:").StartsWith('Z');

    /// <summary>A field of <c>/proc/PID/status</c>; empty where the process has ended.</summary>
    private static string StatusOf(int pid, string field)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?[field.Length..].Trim() ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
