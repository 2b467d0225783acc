using System.Text.Json.Nodes;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>
/// Requests to the API server while nothing changes, counted by the stand-in: a loop of writes, reconciles or reads shows here, whatever causes it. Each
/// test prints its table; a soak observes a whole minute, and objects at rest for five.
/// </summary>
public sealed class RequestCeilingTests
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(Soak.IsOn ? 60 : 15);

    [Fact]
    public async Task At_rest_nothing_but_the_Lease_is_written()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var world = await ObservedRequests.StartAsync();
        await world.Server.ApplyAsync(
            Secret(database.Url()) + PostgresSink("plain") + PostgresSink("quiet", spec: "connectionTest: false")
            + PostgresSink("previewed", annotations: "kollect.dev/preview: \"true\"")
            + PostgresSink("invalid", spec: "options: {role: postgres}")
            + PostgresSink("insecure", spec: "tls: {insecureSkipVerify: true}\n  connectionTest: false")
            + Profile() + Target() + ConfigMap("web") + ConfigMap("api") + Inventory("plain", spec: "exportMinInterval: 0s")
            + Inventory("plain, quiet", "two", spec: "exportMinInterval: 0s") + Inventory("", "none"));
        await SinkControllerTests.WaitAsync(world.Server, "ConnectionVerified", "plain", 20);
        await SinkControllerTests.WaitAsync(world.Server, "Ready", "quiet", 20);
        await SinkControllerTests.WaitAsync(world.Server, "ConnectionVerified", "previewed", 20);
        await SinkControllerTests.WaitAsync(world.Server, "Ready=False", "invalid", 20);
        await SinkControllerTests.WaitAsync(world.Server, "TLSInsecure", "insecure", 20);
        await SinkControllerTests.WaitAsync(world.Server, "Synced", "all", 20, "kinv");
        await SinkControllerTests.WaitAsync(world.Server, "Synced", "two", 20, "kinv");
        await world.IsQuietAsync();

        await world.ObserveAsync(Soak.IsOn ? TimeSpan.FromMinutes(5) : Time);
        world.AtMost(0, "writes, without the Lease", world.Writes);
        world.AtMost(0, "probes", world.Probes);
        world.AtMost((world.Seconds / 2) + 1, "writes of the Lease", world.Count("update leases.coordination.k8s.io"));
        world.AtMost(1, "reads of the Lease", world.Count("get leases.coordination.k8s.io"));
        world.AtMost((world.Seconds / 30) + 1, "reads of the one Secret", world.Count("get secrets"));
        world.AtMost(2, "reconciles", world.Reconciles);
        world.Verify("At rest");
    }

    [Fact]
    public async Task Failing_sinks_are_probed_by_back_off_with_at_most_3_requests_a_probe()
    {
        const int Each = 5;
        var database = await PostgresServer.CreateDatabaseAsync();
        using var silent = new SilentServer();
        // By the Secret, the network, the server, the table and the options.
        (string Way, string Secret, string Spec)[] ways =
        [
            ("wrong-password", Secret(database.Url("nobody", "wrong"), "wrong-password"), ""),
            ("no-database", Secret(database.Url(database: "nowhere"), "no-database"), ""),
            ("closed-port", Secret("postgresql://a:b@127.0.0.1:1/x", "closed-port"), ""),
            ("unknown-host", Secret("postgresql://a:b@nowhere.invalid/x", "unknown-host"), ""),
            ("silent", Secret(silent.PostgresUrl, "silent"), ""),
            ("no-secret", "", ""),
            ("no-key", Secret("x", "no-key", key: "nothing"), ""),
            ("no-url", Secret("postgresql://[", "no-url"), ""),
            ("no-table", Secret(database.Url(), "no-table"), "provisioning: {mode: existing}"),
            ("wrong-option", Secret(database.Url(), "wrong-option"), "options: {statement_timeout: soon}"),
        ];
        await using var world = await ObservedRequests.StartAsync("--leader-election", "false");
        await world.Server.ApplyAsync(
            string.Concat(ways.Select(it =>
                it.Secret + string.Concat(Enumerable.Range(0, Each).Select(i => PostgresSink($"{it.Way}-{i}", it.Way, it.Spec)))))
            + Profile() + Target() + ConfigMap("web") + Inventory(string.Join(", ", ways.Select(it => $"{it.Way}-0"))));
        await world.HaveAsync("kollectdatabasesinks", ways.Length * Each, "Ready", "False");
        await SinkControllerTests.WaitAsync(world.Server, "Ready=False", "all", 20, "kinv");

        await world.ObserveAsync(Time);
        // Attempts after 5 s, 10 s, 20 s …, each as much as 20 % earlier; a Secret is looked at no more often than every 2 s.
        var attempts = 1 + Math.Log2(1 + (world.Seconds / 4));
        var (exports, looks) = (ways.Length * attempts, ways.Length * world.Seconds / 2);
        world.AtMost(ways.Length * Each * attempts, "probes of 50 sinks", world.Probes);
        world.AtMost(0, "writes of the status of a sink", world.Count("patch kollectdatabasesinks.kollect.dev/status"));
        world.AtMost(exports, "writes of the status of an inventory with 10 refs", world.Count("patch kollectinventories.kollect.dev/status"));
        world.AtMost(ways.Length, "events: the first failure of a ref", world.Count("create events.events.k8s.io"));
        world.AtMost(world.Probes + exports + looks, "reads of Secrets", world.Count("get secrets"));
        world.AtMost((3 * (world.Probes + exports)) + looks, "all requests", world.All);
        world.Verify("50 sinks that fail in ten ways");
    }

    [Fact]
    public async Task Conditions_of_other_managers_cause_no_write()
    {
        const int Inventories = 20;
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var world = await ObservedRequests.StartAsync("--leader-election", "false");
        var names = Enumerable.Range(0, Inventories).Select(i => $"inventory-{i}").ToArray();
        await world.Server.ApplyAsync(
            Secret(database.Url()) + PostgresSink() + Profile() + Target() + ConfigMap("web")
            + string.Concat(names.Select(name => Inventory(name: name, spec: "exportMinInterval: 0s"))));
        await world.HaveAsync("kollectinventories", Inventories, "Synced", "True");
        await SinkControllerTests.WaitAsync(world.Server, "ConnectionVerified", seconds: 20);
        await SinkControllerTests.WaitAsync(world.Server, "Ready", "configmaps", 20, "ktgt");
        (string Kind, string Name)[] reviewed = [.. names.Select(name => ("kinv", name)), ("kdb", "inventory"), ("ktgt", "configmaps")];
        await ReviewAsync("add", "first");
        await world.IsQuietAsync();

        await world.ObserveAsync(Time, () => ReviewAsync("replace", "second"));
        world.AtMost(0, "writes", world.Writes);
        world.AtMost(0, "probes", world.Probes);
        world.AtMost(Inventories * 2, "reconciles after 22 writes of another manager", world.Reconciles);
        world.AtMost((world.Seconds / 30) + 1, "reads of the one Secret", world.Count("get secrets"));
        world.Verify("20 inventories, a sink and a target with a condition of another manager");

        // First in the list, where the operator's own conditions would stand.
        async Task ReviewAsync(string operation, string message)
        {
            var condition = $$"""
                {"type": "Reviewed", "status": "True", "reason": "ByHand", "message": "{{message}}", "lastTransitionTime": "2026-11-23T08:00:00Z"}
                """;
            var patch = $$"""[{"op": "{{operation}}", "path": "/status/conditions/0", "value": {{condition}} }]""";
            foreach (var (kind, name) in reviewed)
                _ = (await world.Server.KubectlAsync("patch", kind, name, "--subresource=status", "--type=json", "-p", patch)).Required;
        }
    }

    [Fact]
    public async Task Invalid_objects_are_reported_once()
    {
        await using var world = await ObservedRequests.StartAsync("--leader-election", "false");
        // Past admission, as from the time before a rule was made.
        await world.Server.LoadAsync(Enumerable.Range(0, 200).Select(i => (i % 4) switch
        {
            0 => Object("KollectDatabaseSink", i, """{"type":"postgres", "postgres": {"databaseRef": {"name":"d"}, "table":"t"}, "options": {"role":"x"}}"""),
            1 => Object("KollectInventory", i, """{"databaseSinkRefs": ["one", "one"]}"""),
            2 => Object("KollectTarget", i, """{"profileRef": "none", "labelSelector": {"matchLabels": {"a b": "c"}}}"""),
            _ => Object("KollectDatabaseSink", i, """{"type":"mongodb", "mongodb": {"databaseRef": {"name":"d"}, "database":"a.b", "collection":"c"}}"""),
        }));
        await world.HaveAsync("kollectdatabasesinks", 100, "Ready", "False");
        await world.HaveAsync("kollectinventories", 50, "Ready", "False");
        await world.HaveAsync("kollecttargets", 50, "Ready", "False");
        await world.IsQuietAsync();

        await world.ObserveAsync(Time);
        world.AtMost(0, "writes", world.Writes);
        world.AtMost(0, "reads of Secrets", world.Count("get secrets"));
        world.AtMost(0, "reconciles", world.Reconciles);
        world.AtMost(world.Seconds, "all requests", world.All);
        world.Verify("200 invalid objects");

        static string Object(string kind, int number, string spec) => new JsonObject
        {
            ["apiVersion"] = "kollect.dev/v1alpha1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = $"invalid-{number}", ["namespace"] = "default" },
            ["spec"] = JsonNode.Parse(spec),
        }.ToJsonString();
    }
}
