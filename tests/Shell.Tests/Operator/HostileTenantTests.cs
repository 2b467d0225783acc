using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kollect.Shell.Tests.Backends.BigQuery;
using Kollect.Shell.Tests.Backends.Hostile;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>One namespace attacks in every way that these tests know, all at once; another one gets its exports on time.</summary>
public sealed class HostileTenantTests
{
    private const string Hostile = "hostile";
    private const int MostMemoryMiB = 400;

    /// <summary>At least this many sinks, at servers of each kind in turn.</summary>
    private const int Sinks = 80;

    private static readonly TimeSpan Time = Soak.IsOn ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(20);

    /// <summary>From a change of an object to its row: the window of changes, an export, and a busy machine.</summary>
    private static readonly TimeSpan OnTime = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Exports_of_another_tenant_are_on_time_and_memory_is_bounded()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var attack = new Attack();
        var cluster = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "a second namespace" });
        await using var world = new World(cluster, database);
        await world.ApplyAsync(Secret(database.Url()), PostgresSink(), Profile(), Target(), ConfigMap("web"), Inventory(spec: "exportMinInterval: 5s"));
        await world.ApplyAsync(Namespace(Hostile), Profile(@namespace: Hostile, export: "{mode: Resource}"), GreedyProfile(), GreedyTarget());
        await world.ApplyAsync(Enumerable.Range(0, 20).Select(i => ConfigMap($"c{i}", new string('x', 2_000), Hostile)));
        await using var program = await OperatorProgram.StartAsync(cluster.Kubeconfig, 0, "--leader-election", "false");
        await world.ApplyAsync(attack.Manifests());

        var slowest = TimeSpan.Zero;
        var changes = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Time; changes++)
        {
            await world.ApplyAsync(ConfigMap("web"), ConfigMap($"change-{changes}"));
            var took = await world.HoldsAsync(["web", $"change-{changes}"], seconds: 60);
            slowest = took > slowest ? took : slowest;
            Assert.True(took < OnTime, $"change {changes} was in its row after {took}");
            await world.KubectlAsync("delete", "cm", $"change-{changes}");
            await world.HoldsAsync(["web"], seconds: 60);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{attack.Count} hostile sinks for {Time}: {changes} changes of the other tenant, the slowest in its row after {slowest.TotalSeconds:0.0} s; "
            + $"peak memory of the operator {program.PeakMemory >> 20} MiB"));
        Assert.InRange(program.PeakMemory >> 20, 1, MostMemoryMiB);
        Assert.Equal(0, (await program.StopAsync()).ExitCode); // the same process all the time, and it ends although servers hold its connections
    }

    /// <summary>256 searches through every object, with as many results as there are values.</summary>
    private static string GreedyProfile() => string.Concat(
        [
            $$"""
            apiVersion: kollect.dev/v1alpha1
            kind: KollectProfile
            metadata: {name: greedy, namespace: {{Hostile}}}
            spec:
              targetGVK: {group: "", version: v1, kind: ConfigMap}
              attributes:

            """,
            .. Enumerable.Range(0, 256).Select(i => $$"""  - {name: a{{i}}, path: "$..*..*", type: list}""" + "\n"),
            "---\n",
        ]);

    private static string GreedyTarget() => Target("greedy", "greedy", Hostile) + Target(@namespace: Hostile);

    /// <summary>The hostile servers, and a sink and an inventory for each way of each.</summary>
    private sealed class Attack : IAsyncDisposable
    {
        private readonly List<IAsyncDisposable> servers = [];
        private readonly List<Func<string, string>> sinks = [];

        public Attack()
        {
            foreach (var (_, serve) in PostgresAttacks.All)
            {
                var server = Keep(new HostileListener(serve));
                sinks.Add(name => Secret(
                    string.Create(CultureInfo.InvariantCulture, $"postgresql://user:pass@127.0.0.1:{server.Port}/inventory"), name, @namespace: Hostile)
                    + PostgresSink(name, name, @namespace: Hostile));
            }

            foreach (var (_, login, serve) in MongoDbAttacks.All)
            {
                var server = Keep(new HostileListener(serve));
                var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}/?");
                var uri = "mongodb://" + login.Replace("?", address, StringComparison.Ordinal);
                sinks.Add(name => Secret(uri, name, "uri", Hostile) + Sink(
                    name, $$"""{type: mongodb, cluster: east, mongodb: {databaseRef: {name: {{name}}}, database: inventory, collection: items} }"""));
            }

            foreach (var answer in BigQueryAnswers)
            {
                var server = Keep(new HostileBigQuery { [Asked.Dataset] = answer });
                var key = JsonEncodedText.Encode(server.Credentials()).ToString();
                sinks.Add(name => Secret(key, name, "credentials.json", Hostile) + Sink(
                    name,
                    $$"""
                    {type: bigquery, cluster: east, endpoint: "{{server.Url}}",
                      bigquery: {secretRef: {name: {{name}}}, project: kollect-test, dataset: inventory, table: items} }
                    """));
            }
        }

        public int Count => sinks.Count * Copies;

        private int Copies => (Sinks + sinks.Count - 1) / sinks.Count;

        private static IEnumerable<Func<Reply, Task>> BigQueryAnswers =>
        [
            it => it.EndlessAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", "{\"a\":["),
            it => it.TrickleAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"),
            it => it.EndlessHeadersAsync(),
            it => it.JsonAsync(new string('[', 100_000)),
            it => it.RedirectAsync("302 Found", "http://127.0.0.1:1/"),
            it => it.PageAsync("503 Service Unavailable", "inner-page"),
        ];

        public IEnumerable<string> Manifests() =>
            from copy in Enumerable.Range(0, Copies)
            from sink in sinks.Select((make, number) => (make, number))
            let name = string.Create(CultureInfo.InvariantCulture, $"s{sink.number}-{copy}")
            select sink.make(name) + Inventory(name, name, Hostile, "exportMinInterval: 0s");

        public async ValueTask DisposeAsync()
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }

        private static string Sink(string name, string spec) =>
            $$"""
            apiVersion: kollect.dev/v1alpha1
            kind: KollectDatabaseSink
            metadata: {name: {{name}}, namespace: {{Hostile}}}
            spec: {{spec.ReplaceLineEndings("\n      ")}}
            ---

            """;

        private T Keep<T>(T server) where T : IAsyncDisposable
        {
            servers.Add(server);
            return server;
        }
    }
}
