using System.Diagnostics;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>What kubectl sees of the operator, with a real PostgreSQL behind it.</summary>
public sealed class SinkControllerTests
{
    [Fact]
    public async Task A_sink_and_its_Secret_become_ready_and_follow_the_Secret()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        await using var running = await RunningOperator.StartAsync(server);

        await server.ApplyAsync(PostgresSink() + Secret(database.Url()));
        await WaitAsync(server, "ConnectionVerified");
        Golden.Verify(Ageless((await server.KubectlAsync("get", "kdb")).Required), "kubectl/get-kdb.txt");

        var broken = Stopwatch.StartNew();
        await server.ApplyAsync(Secret(database.Url("nobody", "wrong")));
        await WaitAsync(server, "ConnectionVerified=False");
        Assert.InRange(broken.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(7));
        Assert.Equal("ConnectionTestFailed", await ReasonAsync(server));

        await server.ApplyAsync(Secret(database.Url()));
        await WaitAsync(server, "ConnectionVerified");
        Assert.Equal("ConnectionOK", await ReasonAsync(server));

        Assert.Equal(0, (await server.KubectlAsync("delete", "secret", "dsn")).ExitCode);
        await WaitAsync(server, "Ready=False");
        Assert.Equal("SecretResolveFailed", await ReasonAsync(server));
    }

    internal static async Task WaitAsync(KubernetesServer server, string condition, string sink = "inventory", int seconds = 5)
    {
        var waited = await server.KubectlAsync("wait", $"--for=condition={condition}", $"kdb/{sink}", $"--timeout={seconds}s");
        Assert.True(waited.ExitCode == 0, waited.Errors + (await server.KubectlAsync("get", "kdb", sink, "-o", "yaml")).Output);
    }

    private static Task<string> ReasonAsync(KubernetesServer server, string sink = "inventory") => JsonPathAsync(server, """{.status.conditions[?(@.type=="Ready")].reason}""", sink);

    private static async Task<string> JsonPathAsync(KubernetesServer server, string path, string sink = "inventory") =>
        (await server.KubectlAsync("get", "kdb", sink, "-o", $"jsonpath={path}")).Required;

    // The age differs from run to run.
    private static string Ageless(string table) => System.Text.RegularExpressions.Regex.Replace(table, @"\d+s\b", "3s");
}
