using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Nothing is written while nothing changes.</summary>
public sealed class SteadyTests
{
    private static readonly TimeSpan Time = Soak.IsOn ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Steady_sinks_cause_no_write_to_the_API()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        using var account = await OperatorAccount.CreateAsync(server);
        await using var program = await OperatorProgram.StartAsync(account.Kubeconfig, 0, "--leader-election", "false", "--secret-interval", "2s");
        await server.ApplyAsync(
            Secret(database.Url()) + PostgresSink("plain") + PostgresSink("quiet", spec: "connectionTest: false")
            + PostgresSink("previewed", annotations: "kollect.dev/preview: \"true\", kollect.dev/test-connection: \"true\"")
            + PostgresSink("invalid", spec: "options: {role: postgres}")
            + PostgresSink("insecure", spec: "tls: {insecureSkipVerify: true}\n  connectionTest: false"));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "plain", 20);
        await SinkControllerTests.WaitAsync(server, "Ready", "quiet", 20);
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "previewed", 20);
        await SinkControllerTests.WaitAsync(server, "Ready=False", "invalid", 20);
        await SinkControllerTests.WaitAsync(server, "TLSInsecure", "insecure", 20);

        await server.ResetRequestsAsync();
        await Task.Delay(Time, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(await server.WritesAsync(), write => write.User == account.User);
        // The operator was at work: it read Secrets in the meantime.
        Assert.True((await server.RequestsAsync()).Counts["operator get secrets"] > 3);
    }
}
