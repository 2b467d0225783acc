using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kollect.Shell.Tests.Kubernetes;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Program;

/// <summary><c>kollect status</c>, of what an operator has written.</summary>
public sealed partial class StatusTests
{
    [Fact]
    public async Task A_healthy_and_a_failing_inventory_are_shown_with_what_is_wrong()
    {
        await using var world = await World.StartAsync(needs: "an operator over all namespaces");
        await world.ApplyAsync(Profile(), Target(), ConfigMap("web"), ConfigMap("api"), Inventory(name: "all"));
        await world.EventuallyAsync(async () => await world.ReasonAsync("Synced") == "True/Synced");
        var healthy = await StatusAsync(world);
        Golden.Verify(Masked(healthy.Output), "cli/status-healthy.txt");
        Assert.Equal(0, healthy.ExitCode);

        await world.ApplyAsync(
            Secret(world.Database.Url("nobody", "wrong"), "wrong"),
            PostgresSink("refuses", "wrong", "connectionTest: false"),
            PostgresSink("unused", "absent"),
            Target("lost", "absent"),
            Inventory("inventory, refuses, absent", spec: "exportMinInterval: 0s"),
            Inventory("inventory", "paused", spec: "suspend: true"),
            ClusterInventory("{name: inventory, namespace: default}", spec: "targetRefs: [missing]"));
        await world.EventuallyAsync(async () => await world.ReasonAsync("Synced", "refuses") == "False/ExportRefused"
            && await world.ReasonAsync("Synced", "inventory") == "False/SnapshotIncomplete"
            && await world.ReasonAsync("Ready", name: "paused") == "True/Suspended"
            && World.Reason(await world.StatusAsync("everything", "kcinv"), "Ready").StartsWith("False", StringComparison.Ordinal)
            && World.Reason(await world.StatusAsync("unused", "kdb"), "Ready").StartsWith("False", StringComparison.Ordinal));
        var failing = await StatusAsync(world, "-A");
        Golden.Verify(Masked(failing.Output), "cli/status-failing.txt");
        Assert.Equal(1, failing.ExitCode);

        var json = await StatusAsync(world, "-A", "-o", "json");
        Assert.Equal(1, json.ExitCode);
        OutputSchema.AssertValid(json.Output, "Status");
        var of = JsonNode.Parse(json.Output)!["inventories"]!.AsArray().Single(it => (string?)it!["name"] == "default/all")!;
        Assert.Equal("Refused", (string?)of["sinks"]![1]!["failure"]!["class"]);

        var paused = await StatusAsync(world, "paused", "-n", "default");
        Assert.StartsWith("inventory default/paused ", paused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("default/all", paused.Output, StringComparison.Ordinal);
        var absent = await StatusAsync(world, "absent");
        Assert.Equal((1, ""), (absent.ExitCode, absent.Output));
        Assert.Contains("no inventory absent in namespace default", absent.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_without_inventories_is_told_apart_from_a_cluster_without_our_kinds()
    {
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { WithCrds = false });
        var absent = await RunAsync(["status", "--kubeconfig", server.Kubeconfig]);
        Assert.Equal(1, absent.ExitCode);
        Assert.Equal("kollect: the API server does not know the kinds of kollect.dev: kollect crds | kubectl apply -f -\n", absent.Errors);
        await server.ApplyAsync((await RunAsync(["crds"])).Output);
        await Eventually.HoldsAsync(async () => (await RunAsync(["status", "--kubeconfig", server.Kubeconfig])).ExitCode == 0);
        var none = await RunAsync(["status", "--kubeconfig", server.Kubeconfig, "-n", "shop"]);
        Assert.Equal(
            (0, "no inventory in namespace shop; -A shows those of all namespaces, and those of the cluster\n"), (none.ExitCode, none.Output));
    }

    [Fact]
    public async Task An_API_server_that_cannot_be_reached_is_a_reason_to_try_again()
    {
        using var folder = new TemporaryFolder();
        var kubeconfig = folder.Write("kubeconfig", UnreachableServer.Kubeconfig);
        var result = await RunAsync(["status", "--kubeconfig", kubeconfig, "-o", "json"]);
        Assert.Equal(3, result.ExitCode);
        OutputSchema.AssertValid(result.Output, "Error");
        Assert.Equal("kollect: 127.0.0.1:1: the API server cannot be reached: connection refused\n", result.Errors);
        Assert.Equal(1, (await RunAsync(["status", "--kubeconfig", folder.At("absent")])).ExitCode);
    }

    private static Task<Result> StatusAsync(World world, params string[] arguments) =>
        RunAsync(["status", "--kubeconfig", world.Cluster.Kubeconfig, .. arguments]);

    private static string Masked(string output) => Port().Replace(Age().Replace(Time().Replace(output, "TIME"), "(AGE ago)"), "127.0.0.1:PORT");

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Port();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Time();

    [GeneratedRegex(@"\(\d+[smhd] ago\)")]
    private static partial Regex Age();
}
