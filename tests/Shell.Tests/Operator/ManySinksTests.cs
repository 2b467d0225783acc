using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Dead databases take nobody's place.</summary>
public sealed class ManySinksTests
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("KOLLECT_SOAK") is { Length: > 0 };
    private static readonly int Sinks = Soak ? 1_000 : 200;
    private static readonly int Dead = Soak ? 50 : 20;

    [Fact]
    public async Task All_sinks_but_the_dead_are_verified_within_a_minute()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var silent = new SilentServer();
        await using var server = await KubernetesServer.StartAsync();
        // The dead ones come first.
        await server.ApplyAsync(
            Secret(database.Url(), "living") + Secret(silent.PostgresUrl, "dead")
            + string.Concat(Enumerable.Range(0, Dead).Select(i => PostgresSink($"a-dead-{i}", "dead")))
            + string.Concat(Enumerable.Range(0, Sinks - Dead).Select(i => PostgresSink($"living-{i}", "living"))));

        var watch = Stopwatch.StartNew();
        await using var program = await OperatorProgram.StartAsync(server, "--leader-election", "false");
        var time = await Eventually.HoldsAsync(async () => await VerifiedAsync(server) == Sinks - Dead, 60);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Sinks} sinks, {Dead} of them dead: all others verified {watch.Elapsed.TotalSeconds:0.0} s after the start; peak memory {program.PeakMemory >> 20} MiB, processor time {program.ProcessorTime.TotalSeconds:0.0} s"));
        Assert.True(time < TimeSpan.FromSeconds(60));
        Assert.True(silent.Connections >= Dead, "the dead were not tried");
    }

    private static async Task<int> VerifiedAsync(KubernetesServer server)
    {
        var list = JsonNode.Parse((await server.KubectlAsync("get", "--raw", $"/apis/kollect.dev/v1alpha1/namespaces/{server.Namespace}/kollectdatabasesinks")).Required)!;
        return list["items"]!.AsArray().Count(sink => sink!["status"]?["conditions"]?.AsArray()
            .Any(it => (string?)it!["type"] == "ConnectionVerified" && (string?)it["status"] == "True") == true);
    }
}
