using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>A namespace whose databases hold every connection does not delay another one.</summary>
public sealed class HostileNamespaceTests
{
    private const int Sinks = 80;

    [Fact]
    public async Task A_sink_is_verified_and_exported_to_while_80_of_another_namespace_hold_their_connections()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var trickling = new TricklingPostgres();
        var cluster = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "a second namespace" });
        await using var world = new World(cluster, database);
        await world.ApplyAsync(
            Namespace("hostile"),
            Secret(trickling.Url, @namespace: "hostile"),
            Profile(@namespace: "hostile"),
            Target(@namespace: "hostile"));
        // Probes and exports of the same sinks: an export does not wait for a probe.
        await world.ApplyAsync(Enumerable.Range(0, Sinks).Select(i => PostgresSink($"s{i}", @namespace: "hostile")));
        await world.ApplyAsync(Enumerable.Range(0, Sinks).Select(i => Inventory($"s{i}", $"i{i}", @namespace: "hostile", spec: "exportMinInterval: 0s")));
        await world.StartOperatorAsync();
        // A quarter of 64 probes, and a quarter of 16 exports.
        await Eventually.HoldsAsync(() => Task.FromResult(trickling.Peak >= 16 + 4), 60, () => Task.FromResult($"{trickling.Peak} connections"));

        var watch = Stopwatch.StartNew();
        await world.ApplyAsync(Secret(database.Url()), PostgresSink(), Profile(), Target(), ConfigMap("web"), Inventory(spec: "exportMinInterval: 0s"));
        await Eventually.HoldsAsync(async () => await IsVerifiedAsync(world.Cluster), 10);
        var verified = watch.Elapsed;
        await world.HoldsAsync(["web"], seconds: 10);
        var exported = watch.Elapsed;
        await world.ApplyAsync(ConfigMap("api"));
        await world.HoldsAsync(["api", "web"], seconds: 10);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Sinks} sinks hold {trickling.Connections} connections, at most {trickling.Peak}; the good sink of another namespace: "
            + $"verified after {verified.TotalSeconds:0.0} s, exported after {exported.TotalSeconds:0.0} s"));
        // First attempts and attempts that failed last, of probes and of exports, each with a second connection that asks for the end of its query. Without
        // shares there would be 64 probes.
        Assert.InRange(trickling.Peak, 1, 2 * (16 + 4 + 4 + 1));
    }

    private static async Task<bool> IsVerifiedAsync(KubernetesServer server)
    {
        var sink = JsonNode.Parse((await server.KubectlAsync(
            "get", "--raw", $"/apis/kollect.dev/v1alpha1/namespaces/{server.Namespace}/kollectdatabasesinks/inventory")).Required)!;
        return sink["status"]?["conditions"]?.AsArray()
            .Any(it => (string?)it!["type"] == "ConnectionVerified" && (string?)it["status"] == "True") == true;
    }
}
