using System.Text.Json.Nodes;
using Kollect.Operator;
using Npgsql;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>A cluster, a database, and the operator that exports from one to the other.</summary>
internal sealed class World : IAsyncDisposable
{
    public World(KubernetesServer cluster, TestDatabase database) => (Cluster, Database) = (cluster, database);

    public KubernetesServer Cluster { get; }

    public TestDatabase Database { get; }

    /// <summary>Null = the operator does not run.</summary>
    public RunningOperator? Operator { get; private set; }

    /// <summary>Starts a cluster with a sink and its Secret, a database and the operator.</summary>
    /// <param name="options">Null = no leader election, and loopback is allowed.</param>
    /// <param name="sinkSpec">Further lines of the sink's spec.</param>
    /// <param name="needs">The part that a given cluster lacks, so that the test is skipped there; null = every cluster has it.</param>
    public static async Task<World> StartAsync(OperatorOptions? options = null, string sinkSpec = "", string? needs = null)
    {
        var world = new World(await KubernetesServer.StartAsync(new KubernetesOptions { Needs = needs }), await PostgresServer.CreateDatabaseAsync());
        await world.Cluster.ApplyAsync(Secret(world.Database.Url()) + PostgresSink(spec: sinkSpec));
        await world.StartOperatorAsync(options);
        return world;
    }

    /// <summary>Starts the operator in the process of the test.</summary>
    /// <param name="options">Null = no leader election, and loopback is allowed.</param>
    /// <param name="kubeconfig">Path of a file; null = that of an administrator.</param>
    /// <param name="time">Null = the clock of the system.</param>
    public async Task StartOperatorAsync(OperatorOptions? options = null, string? kubeconfig = null, TimeProvider? time = null) =>
        Operator = await RunningOperator.StartAsync(Cluster, options, kubeconfig, time: time);

    public async Task StopOperatorAsync()
    {
        if (Operator is not null)
            await Operator.DisposeAsync();
        Operator = null;
    }

    public Task ApplyAsync(params IEnumerable<string> manifests) => Cluster.ApplyAsync(string.Concat(manifests));

    public async Task<string> KubectlAsync(params string[] arguments) => (await Cluster.KubectlAsync(arguments)).Required;

    /// <summary>Names of the objects in the table, in ordinal order; empty if there is no table.</summary>
    public async Task<string[]> RowsAsync(string table = "inventory_items", string inventory = "all", string cluster = "east")
    {
        try
        {
            var names = await Database.RowsAsync(
                $"select payload->>'name' from {table} where inventory_name = '{inventory}' and cluster = '{cluster}'", row => row.GetString(0));
            return [.. names.Order(StringComparer.Ordinal)];
        }
        catch (PostgresException missing) when (missing.SqlState == "42P01")
        {
            return [];
        }
    }

    /// <summary>Waits until the table holds exactly these objects; returns how long that took.</summary>
    public async Task<TimeSpan> HoldsAsync(
        string[] names, string table = "inventory_items", string inventory = "all", string cluster = "east", int seconds = 15)
    {
        var expected = names.Order(StringComparer.Ordinal).ToArray();
        return await Eventually.HoldsAsync(
            async () => (await RowsAsync(table, inventory, cluster)).SequenceEqual(expected),
            seconds,
            async () => string.Join(", ", await RowsAsync(table, inventory, cluster)) + "\n" + string.Join("\n", Operator?.Log.TakeLast(30) ?? []));
    }

    public async Task<JsonNode> StatusAsync(string name = "all", string kind = "kinv") =>
        (await Cluster.GetAsync(kind, name))["status"] ?? new JsonObject();

    /// <summary>Status and reason of a condition, as <c>True/Synced</c>; empty = the condition is not set.</summary>
    /// <param name="sink">Null = a condition of the inventory; otherwise one of its ref to this sink.</param>
    public async Task<string> ReasonAsync(string condition, string? sink = null, string name = "all") =>
        Reason(await StatusAsync(name), condition, sink);

    public static string Reason(JsonNode? status, string condition, string? sink = null)
    {
        var of = sink is null ? status : status?["sinkExports"]?.AsArray().FirstOrDefault(it => (string?)it!["name"] == sink);
        var found = of?["conditions"]?.AsArray().FirstOrDefault(it => (string?)it!["type"] == condition);
        return found is null ? "" : $"{found["status"]}/{found["reason"]}";
    }

    /// <summary>Waits until a condition has this status and reason, as <c>True/Collected</c>: a status may be written after the rows.</summary>
    public Task HasReasonAsync(string expected, string condition, string name, string kind, int seconds = 40) =>
        EventuallyAsync(async () => Reason(await StatusAsync(name, kind), condition) == expected, seconds);

    public Task WaitAsync(string condition, string name = "all", string kind = "kinv", int seconds = 15) =>
        SinkControllerTests.WaitAsync(Cluster, condition, name, seconds, kind);

    public async Task EventuallyAsync(Func<Task<bool>> holds, int seconds = 20) => await Eventually.HoldsAsync(
        holds, seconds, async () => (await StatusAsync()).ToJsonString() + "\n" + string.Join("\n", Operator?.Log.TakeLast(30) ?? []));

    public async ValueTask DisposeAsync()
    {
        await StopOperatorAsync();
        await Cluster.DisposeAsync();
    }
}
