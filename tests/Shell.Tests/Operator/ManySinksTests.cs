using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Databases that do not answer do not delay other sinks.</summary>
public sealed class ManySinksTests
{
    private static readonly int Sinks = Soak.IsOn ? 1_000 : 200;
    private static readonly int Silent = Soak.IsOn ? 50 : 20;

    [Fact]
    public async Task Sinks_are_verified_within_a_minute_while_other_databases_do_not_answer()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var silent = new SilentServer();
        await using var server = await KubernetesServer.StartAsync();
        // The sinks without an answer come first.
        await server.ApplyAsync(
            Secret(database.Url(), "answering") + Secret(silent.PostgresUrl, "silent")
            + string.Concat(Enumerable.Range(0, Silent).Select(i => PostgresSink($"a-silent-{i}", "silent")))
            + string.Concat(Enumerable.Range(0, Sinks - Silent).Select(i => PostgresSink($"answering-{i}", "answering"))));

        var watch = Stopwatch.StartNew();
        await using var program = await OperatorProgram.StartAsync(server, "--leader-election", "false");
        var time = await Eventually.HoldsAsync(async () => await VerifiedAsync(server) == Sinks - Silent, 60);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Sinks} sinks, {Silent} of them without an answer: all others verified {watch.Elapsed.TotalSeconds:0.0} s after the start; "
            + $"peak memory {program.PeakMemory >> 20} MiB, processor time {program.ProcessorTime.TotalSeconds:0.0} s"));
        Assert.True(time < TimeSpan.FromSeconds(60));
        Assert.True(silent.Connections >= Silent, "not every silent database was tried");
    }

    private static async Task<int> VerifiedAsync(KubernetesServer server)
    {
        var path = $"/apis/kollect.dev/v1alpha1/namespaces/{server.Namespace}/kollectdatabasesinks";
        var list = JsonNode.Parse((await server.KubectlAsync("get", "--raw", path)).Required)!;
        return list["items"]!.AsArray().Count(sink => sink!["status"]?["conditions"]?.AsArray()
            .Any(it => (string?)it!["type"] == "ConnectionVerified" && (string?)it["status"] == "True") == true);
    }
}
