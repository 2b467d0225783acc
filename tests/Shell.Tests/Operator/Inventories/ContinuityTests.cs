using System.Globalization;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>No interruption of the operator or of the API server makes the table hold fewer rows than the cluster holds objects.</summary>
public sealed class ContinuityTests
{
    private const int Objects = 600;

    /// <summary>12 s is longer than any single attempt; 2 minutes is as long as the upgrade of a cluster takes its API server away.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(Soak.IsOn ? 120 : 12);

    [Fact]
    public async Task A_restart_deletes_no_row_while_a_kind_cannot_be_listed()
    {
        await using var world = await CrowdedWorld.StartAsync(Objects);
        await using var sampler = await TableSampler.StartAsync(world.Database);
        await world.StopOperatorAsync();
        await world.Cluster.FailAsync("""{"match":{"verb":"list","path":"/pods"},"times":1000,"answer":{"status":500}}""");
        await world.StartOperatorAsync();
        await world.EventuallyAsync(async () => (await world.ReasonAsync("Reconciling")) == "True/CollectingAgain");
        await world.Cluster.LoadAsync(ClusterObjects.Of("Service", 10, seed: 2));
        await world.EventuallyAsync(() => Task.FromResult(
            world.Operator!.Log.Any(line => line.Contains("The watch of pods was interrupted", StringComparison.Ordinal))));
        Assert.Equal(Objects, await world.CountAsync());
        await world.Cluster.ClearFaultsAsync();
        await world.CountsAsync(Objects + 10);
        await sampler.AssertNeverBelowAsync(Objects);
    }

    [Fact]
    public async Task Dropped_watches_and_compaction_lose_no_row_and_miss_no_object()
    {
        await using var world = await CrowdedWorld.StartAsync(Objects);
        await using var sampler = await TableSampler.StartAsync(world.Database);
        for (var round = 0; round < 3; round++)
        {
            await world.Cluster.CompactAsync();
            await world.Cluster.DropWatchesAsync();
            await world.Cluster.LoadAsync(ClusterObjects.Of("Job", 5, seed: 10 + round));
            await world.CountsAsync(Objects + (5 * (round + 1)));
        }

        await sampler.AssertNeverBelowAsync(Objects);
    }

    [Fact]
    public async Task An_outage_of_the_API_server_deletes_no_row()
    {
        await using var world = await CrowdedWorld.StartAsync(Objects);
        await using var sampler = await TableSampler.StartAsync(world.Database);
        await world.Cluster.OutageAsync(Outage);
        await Task.Delay(Outage + TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken); // the whole outage is part of the test
        await world.Cluster.LoadAsync(ClusterObjects.Of("Job", 5, seed: 2));
        await world.CountsAsync(Objects + 5, seconds: 90);
        await sampler.AssertNeverBelowAsync(Objects);
    }

    [Fact]
    public async Task The_successor_of_a_killed_leader_deletes_no_row()
    {
        await using var world = new World(await KubernetesServer.StartAsync(), await PostgresServer.CreateDatabaseAsync());
        using var one = await OperatorAccount.CreateAsync(world.Cluster, "one");
        using var two = await OperatorAccount.CreateAsync(world.Cluster, "two");
        await CrowdedWorld.FillAsync(world.Cluster, Objects);
        await world.ApplyAsync(Secret(world.Database.Url()), PostgresSink(), CrowdedWorld.Manifests);
        await using var leader = await OperatorProgram.StartAsync(one.Kubeconfig, 0, "--leader-election-namespace", "default");
        await world.CountsAsync(Objects);
        await using var follower = await OperatorProgram.StartAsync(two.Kubeconfig, 0, "--leader-election-namespace", "default");
        await using var sampler = await TableSampler.StartAsync(world.Database);
        leader.Kill();
        await world.Cluster.LoadAsync(ClusterObjects.Of("Job", 5, seed: 2));
        await world.CountsAsync(Objects + 5, seconds: 60);
        await sampler.AssertNeverBelowAsync(Objects);
    }

    [Fact]
    public async Task A_kind_that_becomes_forbidden_keeps_its_rows_and_other_kinds_stay_current()
    {
        await using var world = new World(
            await KubernetesServer.StartAsync(new KubernetesOptions { EnforceRbac = true }), await PostgresServer.CreateDatabaseAsync());
        await world.Cluster.AddTokenAsync("operator-token", "operator");
        await CrowdedWorld.FillAsync(world.Cluster, Objects);
        await world.ApplyAsync(Role("pods"), Role("everything-else"), Secret(world.Database.Url()), PostgresSink(), CrowdedWorld.Manifests);
        using var folder = new Program.TemporaryFolder();
        await world.StartOperatorAsync(kubeconfig: folder.Write("kubeconfig", world.Cluster.KubeconfigOf("operator-token")));
        await world.CountsAsync(Objects);
        await using var sampler = await TableSampler.StartAsync(world.Database);

        await world.KubectlAsync("delete", "clusterrolebinding", "pods");
        await world.Cluster.DropWatchesAsync();
        await world.EventuallyAsync(async () => World.Reason(await world.StatusAsync(CrowdedWorld.NameOf("Pod"), "ktgt"), "Ready") == "False/Forbidden");
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "False/SnapshotIncomplete");
        var pods = ClusterObjects.Of("Pod", 5).ToArray();
        var services = ClusterObjects.Of("Service", 5).ToArray();
        await world.Cluster.RemoveAsync(pods.Concat(services));
        await world.Cluster.LoadAsync(ClusterObjects.Of("Job", 5, seed: 2));
        await world.CountsAsync(Objects + 5);
        await sampler.AssertNeverBelowAsync(Objects);

        await world.ApplyAsync(Role("pods"));
        await world.CountsAsync(Objects - 5, seconds: 90);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced");
        await world.EventuallyAsync(async () => World.Reason(await world.StatusAsync(CrowdedWorld.NameOf("Pod"), "ktgt"), "Ready") == "True/Collected");
        var events = await world.KubectlAsync(
            "get", "events.events.k8s.io", "-o", "jsonpath={range .items[?(@.regarding.name==\"pods\")]}{.type} {.reason}: {.note}{'\\n'}{end}");
        Golden.Verify(
            string.Join('\n', events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal)) + "\n",
            "kubectl/forbidden-target.txt");
    }

    /// <summary>One of the two roles of the operator: <c>pods</c>, or everything else.</summary>
    private static string Role(string name) => string.Create(CultureInfo.InvariantCulture, $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: {{name}} }
        rules:
        {{(name == "pods" ? """- {apiGroups: [""], resources: [pods], verbs: [list, watch]}""" : """
        - {apiGroups: [""], resources: [configmaps, services, serviceaccounts, namespaces, secrets], verbs: [get, list, watch]}
        - {apiGroups: [apps, batch, kollect.dev, events.k8s.io], resources: ["*"], verbs: ["*"]}
        """)}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: {{name}} }
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{name}} }
        subjects: [{kind: User, name: operator, apiGroup: rbac.authorization.k8s.io}]
        ---

        """);
}
