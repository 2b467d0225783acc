using System.Text.Json.Nodes;
using Kollect.Shell.Tests.Kubernetes;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>What the API server does not serve for a while, or for ever, while an inventory depends on it.</summary>
public sealed class OutageTests
{
    private const string Needs = "faults on demand";

    private static readonly HurriedTime Hurried = new(8);

    /// <summary>Such an inventory was frozen for ever, and ready: nothing was exported, not even what could be listed.</summary>
    [Fact]
    public async Task A_kind_that_was_never_listed_for_a_minute_makes_the_snapshot_incomplete()
    {
        await using var world = await StartAsync(TwoTargets);
        await world.Cluster.FailAsync(Broken("list", "/api/v1/services$", 500, "conversion webhook for example.com failed"));
        await world.StartOperatorAsync(time: Hurried);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "False/SnapshotIncomplete", 40);
        Assert.Equal(["one", "two"], await world.RowsAsync());
        Assert.Contains("conversion webhook for example.com failed", await MessageAsync(world, "kinv", "all"), StringComparison.Ordinal);
        Assert.Equal("False", await world.Cluster.JsonPathAsync("kollecttarget", "services", "{.status.conditions[?(@.type=='Ready')].status}"));
        Assert.Matches(@"Service \(v1\) could not be listed or watched since 20\S+Z: .*webhook", await MessageAsync(world, "kollecttarget", "services"));

        await world.Cluster.ClearFaultsAsync();
        await world.HoldsAsync(["one", "two", "web"], seconds: 40);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced", 40);
    }

    /// <summary>Such a target claimed that its objects were kept current, and the inventory that its rows were exactly the snapshot.</summary>
    [Fact]
    public async Task A_kind_that_cannot_be_watched_for_a_minute_keeps_its_rows_and_says_since_when()
    {
        await using var world = await StartAsync(TwoTargets);
        await world.StartOperatorAsync(time: Hurried);
        await world.HoldsAsync(["one", "two", "web"], seconds: 40);
        await world.Cluster.FailAsync(Broken("list", "/api/v1/services$", 429, "too many requests"));
        await world.Cluster.FailAsync(Broken("watch", "/api/v1/services$", 503, "the server is currently unable to handle the request"));
        await world.Cluster.DropWatchesAsync();
        await world.Cluster.DeleteAsync("service", "web");
        await world.Cluster.DeleteAsync("configmap", "two");
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "False/SnapshotIncomplete", 40);
        await world.Cluster.WaitAsync("kollecttarget", "services", "condition=Ready=False");
        Assert.Contains("web", await world.RowsAsync());
        Assert.EndsWith("what was collected before is kept", await MessageAsync(world, "kollecttarget", "services"), StringComparison.Ordinal);

        await world.Cluster.ClearFaultsAsync();
        await world.HoldsAsync(["one"], seconds: 60);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced", 40);
    }

    /// <summary>After such an outage the inventory waited for its interval, or with 0s for the next change.</summary>
    [Fact]
    public async Task Profiles_that_can_be_listed_again_make_the_snapshot_complete_at_once()
    {
        await using var world = await StartAsync("");
        await world.ApplyAsync(Inventory(spec: "exportMinInterval: 0s"));
        await world.StartOperatorAsync(time: Hurried);
        await world.HoldsAsync(["one", "two"], seconds: 40);
        await world.Cluster.FailAsync(Broken("list", "/kollectprofiles$", 503, "no"));
        await world.Cluster.FailAsync(Broken("watch", "/kollectprofiles$", 503, "no"));
        await world.Cluster.DropWatchesAsync();
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "False/SnapshotIncomplete", 40);
        await world.Cluster.ClearFaultsAsync();
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced", 40);
    }

    [Fact]
    public async Task An_aggregated_API_without_its_server_delays_the_others_for_a_minute_only()
    {
        await using var world = await StartAsync(Profile("deployments", "Deployment", group: "apps") + Target("deployments", "deployments"));
        await world.Cluster.FailAsync(Broken("discover", "^/apis/apps/v1$", 503, "service unavailable"));
        await world.StartOperatorAsync(time: Hurried);
        await world.HoldsAsync(["one", "two"], seconds: 60);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "False/SnapshotIncomplete");
        Assert.Contains("service unavailable", await MessageAsync(world, "kollecttarget", "deployments"), StringComparison.Ordinal);
        await world.Cluster.ClearFaultsAsync();
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced", 40);
    }

    /// <summary>An API server that starts refuses for a second what it permits afterwards.</summary>
    [Fact]
    public async Task A_permission_that_is_refused_for_a_moment_changes_no_status()
    {
        await using var world = await StartAsync("");
        await world.StartOperatorAsync();
        await world.HoldsAsync(["one", "two"]);
        await world.Cluster.FailAsync("""{"match":{"verb":"watch","path":"/configmaps$"},"times":2,"answer":{"status":403,"reason":"Forbidden"} }""");
        await world.Cluster.DropWatchesAsync();
        await world.ApplyAsync(ConfigMap("three"));
        await world.HoldsAsync(["one", "three", "two"]);
        Assert.Contains(world.Operator!.Log, line => line.Contains("watch of configmaps was interrupted", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Operator!.Log, line => line.Contains("KollectTarget default/configmaps: Forbidden", StringComparison.Ordinal));
    }

    /// <summary>The API server deletes all targets first: every table was empty within seconds.</summary>
    [Fact]
    public async Task The_deletion_of_the_kind_of_targets_empties_nothing()
    {
        await using var world = await StartAsync(TwoTargets);
        await world.StartOperatorAsync();
        await world.HoldsAsync(["one", "two", "web"]);
        var definition = await world.KubectlAsync("get", "crd", "kollecttargets.kollect.dev", "-o", "yaml");
        await world.Cluster.DeleteAsync("crd", "kollecttargets.kollect.dev");
        await world.EventuallyAsync(
            async () => (await MessageAsync(world, "kinv", "all")).Contains("has not served KollectTarget", StringComparison.Ordinal));
        Assert.Equal(["one", "two", "web"], await world.RowsAsync());

        await world.Cluster.WaitAsync("crd", "kollecttargets.kollect.dev", "delete");
        await world.ApplyAsync(definition, "\n---\n", Target());
        await world.ApplyAsync(ConfigMap("three"));
        await world.HoldsAsync(["one", "three", "two", "web"], seconds: 60);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Synced") == "False/TargetsDeleted");
        await world.ApplyAsync(Target("services", "services"));
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced", 40);
        Assert.Equal(["one", "three", "two", "web"], await world.RowsAsync());
    }

    [Fact]
    public async Task A_deleted_target_takes_its_rows_along_after_a_moment()
    {
        await using var world = await StartAsync(TwoTargets);
        await world.StartOperatorAsync();
        await world.HoldsAsync(["one", "two", "web"]);
        await world.Cluster.DeleteAsync("kollecttarget", "services");
        await world.HoldsAsync(["one", "two"]);
        await world.Cluster.DeleteAsync("kollecttarget", "configmaps");
        await world.HoldsAsync([]);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced");
    }

    [Fact]
    public async Task A_kind_that_comes_back_under_another_plural_and_scope_is_found_again()
    {
        await using var world = await StartAsync(
            Definition("widgets", "Namespaced") + Profile("widgets", "Widget", group: "example.com") + Target("widgets", "widgets"));
        await world.Cluster.WaitAsync("crd", "widgets.example.com", "condition=Established");
        await world.ApplyAsync(Widget("first"));
        await world.StartOperatorAsync(RunningOperator.Alone with { TargetsAcrossNamespaces = true });
        await world.HoldsAsync(["first", "one", "two"]);
        await world.Cluster.DeleteAsync("crd", "widgets.example.com");
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "False/SnapshotIncomplete", 60);
        await world.ApplyAsync(Definition("widgetz", "Cluster"));
        await world.Cluster.WaitAsync("crd", "widgetz.example.com", "condition=Established");
        // Without what kubectl remembers of the kinds of the server.
        _ = (await world.Cluster.KubectlWithInputAsync(Widget("second"), "create", "--cache-dir", "/dev/null", "-f", "-")).Required;
        await world.HoldsAsync(["one", "second", "two"], seconds: 60);
    }

    private static string TwoTargets => Profile("services", "Service") + Target("services", "services") + Service;

    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {ports: [{port: 80}]}
        ---

        """;

    /// <summary>A world with an inventory of config maps, whose operator does not run yet.</summary>
    private static async Task<World> StartAsync(string manifests)
    {
        var world = new World(await KubernetesServer.StartAsync(new KubernetesOptions { Needs = Needs }), await PostgresServer.CreateDatabaseAsync());
        await world.ApplyAsync(
            Manifests.Secret(world.Database.Url()),
            Manifests.PostgresSink(),
            Profile(),
            Target(),
            ConfigMap("one"),
            ConfigMap("two"),
            manifests,
            Inventory());
        return world;
    }

    private static async Task<string> MessageAsync(World world, string kind, string name) =>
        await world.Cluster.JsonPathAsync(kind, name, "{.status.conditions[?(@.type=='Ready')].message}");

    private static string Broken(string verb, string path, int status, string message) => new JsonObject
    {
        ["match"] = new JsonObject { ["verb"] = verb, ["path"] = path },
        ["times"] = 1_000_000,
        ["answer"] = new JsonObject { ["status"] = status, ["message"] = message },
    }.ToJsonString();

    private static string Definition(string plural, string scope) => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: {{plural}}.example.com}
        spec:
          group: example.com
          scope: {{scope}}
          names: {plural: {{plural}}, singular: widget, kind: Widget, listKind: WidgetList}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true} }
        ---

        """;

    private static string Widget(string name) => $$"""
        apiVersion: example.com/v1
        kind: Widget
        metadata: {name: {{name}} }
        ---

        """;
}
