using Kollect.Shell.Tests.Program;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary><c>kollect uninstall</c> in a cluster where <c>kollect crds</c> and <c>kollect install</c> were applied.</summary>
public sealed class UninstallCommandTests : IDisposable
{
    private const string Account = "system:serviceaccount:inventory:kollect-operator";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Everything_goes_and_its_rows_go_too()
    {
        await using var world = await InstalledAsync();
        var shown = await UninstallAsync(world, "--dry-run");
        Assert.Equal((0, ""), (shown.ExitCode, shown.Errors));
        var unasked = await UninstallAsync(world);
        Assert.Equal(1, unasked.ExitCode);
        Assert.Contains("give --yes", unasked.Errors, StringComparison.Ordinal);
        Assert.Equal(2, await RowsAsync(world));

        var removed = await UninstallAsync(world, "--yes");
        Assert.Equal((0, ""), (removed.ExitCode, removed.Errors));
        Assert.Equal(0, await RowsAsync(world));
        await NothingIsLeftAsync(world);
        var plan = shown.Output.Split('\n', 2);
        Assert.StartsWith($"cluster {world.Cluster.Url}", plan[0], StringComparison.Ordinal);
        Golden.Verify(plan[1] + "---\n" + removed.Output[shown.Output.Length..], "deploy/uninstall.txt");

        var again = await UninstallAsync(world, "--yes");
        Assert.Equal(0, again.ExitCode);
        Assert.EndsWith("nothing of Kollect is there\n", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_kept_where_that_is_asked()
    {
        await using var world = await InstalledAsync();
        var removed = await UninstallAsync(world, "--yes", "--keep-rows", "-o", "json");
        Assert.Equal(0, removed.ExitCode);
        Program.OutputSchema.AssertValid(removed.Output, "Uninstallation");
        Assert.StartsWith("kollect: inventories: 2 removed\n", removed.Errors, StringComparison.Ordinal);
        Assert.Equal(2, await RowsAsync(world));
        await NothingIsLeftAsync(world);
    }

    [Fact]
    public async Task Without_an_operator_nothing_is_removed_except_where_rows_are_kept()
    {
        await using var world = await InstalledAsync();
        await world.StopOperatorAsync();
        var before = await world.KubectlAsync("get", "kdb,kinv,kcinv,crd", "-A", "-o", "name");
        var refused = await UninstallAsync(world, "--yes", "-o", "json");
        Assert.Equal(1, refused.ExitCode);
        Program.OutputSchema.AssertValid(refused.Output, "Error");
        Assert.Contains("no operator renews a Lease kollect-operator in the namespace inventory", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await world.KubectlAsync("get", "kdb,kinv,kcinv,crd", "-A", "-o", "name"));

        Assert.Equal(0, (await UninstallAsync(world, "--yes", "--keep-rows")).ExitCode);
        Assert.Equal(2, await RowsAsync(world));
        await NothingIsLeftAsync(world);
    }

    [Fact]
    public async Task What_is_waited_for_and_rows_that_cannot_be_removed_are_named()
    {
        await using var world = await InstalledAsync(TimeSpan.FromSeconds(5));
        await world.Database.ExecuteAsync("""
            create function keep() returns trigger language plpgsql as 'begin raise exception $$somebody keeps this row$$; end';
            create trigger keep before delete on inventory_items for each row execute function keep()
            """);
        var waited = await UninstallAsync(world, "--yes", "--timeout", "4s", "-o", "json");
        Assert.Equal(3, waited.ExitCode);
        Program.OutputSchema.AssertValid(waited.Output, "Error");
        Assert.Contains("waiting for KollectInventory shop/all: RemovingRows: ", waited.Errors, StringComparison.Ordinal);
        Assert.Contains("not done within --timeout 4s; the same command goes on", waited.Errors, StringComparison.Ordinal);

        var removed = await UninstallAsync(world, "--yes");
        Assert.Equal(1, removed.ExitCode);
        Assert.Contains("inventory_items", removed.Errors, StringComparison.Ordinal);
        Assert.Equal(2, await RowsAsync(world));
        await NothingIsLeftAsync(world);
    }

    /// <summary>
    /// Another operator of the family shares our kinds. And the namespace may be older than the installation: kubectl apply labels it all the same, so that
    /// the label alone once cost others their workloads.
    /// </summary>
    [Fact]
    public async Task What_others_use_stays()
    {
        var cluster = await KubernetesServer.StartAsync(new KubernetesOptions { WithCrds = false });
        await using var world = new World(cluster, await PostgresServer.CreateDatabaseAsync());
        await world.ApplyAsync((await Program.Kollect.RunAsync(["crds"])).Output);
        await world.ApplyAsync(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: kollecteventsinks.kollect.dev}
            spec:
              group: kollect.dev
              scope: Namespaced
              names: {plural: kollecteventsinks, singular: kollecteventsink, kind: KollectEventSink}
              versions:
              - name: v1alpha1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object} }
            ---

            """,
            Namespace("inventory"));
        await world.ApplyAsync((await Program.Kollect.RunAsync(["install", "--namespace", "inventory", "--webhook", "none"])).Output);
        await world.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata: {name: grafana, namespace: inventory}
            spec: {ports: [{port: 80}]}
            """);
        var before = await world.KubectlAsync("get", "crd", "-o", "name");
        foreach (var options in new[] { "--yes", "--dry-run" })
        {
            var refused = await UninstallAsync(world, options);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("delete the others first: kubectl delete crd kollecteventsinks.kollect.dev\n", refused.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(before, await world.KubectlAsync("get", "crd", "-o", "name"));

        await world.KubectlAsync("delete", "crd", "kollecteventsinks.kollect.dev");
        var removed = await UninstallAsync(world, "--yes");
        Assert.Equal((0, ""), (removed.ExitCode, removed.Errors));
        Assert.Contains("The namespace inventory stays, because others use it too: Service inventory/grafana.\n", removed.Output, StringComparison.Ordinal);
        Assert.Equal("service/grafana\n", await world.KubectlAsync("get", "services,deployments", "-n", "inventory", "-o", "name"));
        Assert.DoesNotContain("kollect.dev", await world.KubectlAsync("get", "crd", "-o", "name"), StringComparison.Ordinal);
    }

    private static async Task NothingIsLeftAsync(World world)
    {
        Assert.DoesNotContain("kollect.dev", await world.KubectlAsync("get", "crd", "-o", "name"), StringComparison.Ordinal);
        Assert.Equal(
            ["namespace/default", "namespace/shop"],
            (await world.KubectlAsync("get", "namespaces", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(it => !it.StartsWith("namespace/kube-", StringComparison.Ordinal)));
        Assert.DoesNotContain("kollect", await world.KubectlAsync("get", "clusterroles,clusterrolebindings", "-o", "name"), StringComparison.Ordinal);
        Assert.DoesNotContain("Terminating", await world.KubectlAsync("get", "namespaces"), StringComparison.Ordinal);
    }

    private async Task<Program.Kollect.Result> UninstallAsync(World world, params string[] arguments) =>
        await Program.Kollect.RunAsync(["uninstall", "--kubeconfig", world.Cluster.Kubeconfig, "--namespace", "inventory", .. arguments]);

    /// <param name="cleanupTimeout">Null = the operator's default.</param>
    private async Task<World> InstalledAsync(TimeSpan? cleanupTimeout = null)
    {
        var cluster = await KubernetesServer.StartAsync(new KubernetesOptions { EnforceRbac = true, WithCrds = false });
        var world = new World(cluster, await PostgresServer.CreateDatabaseAsync());
        await cluster.AddTokenAsync("token-of-the-operator", Account, "system:serviceaccounts");
        await world.ApplyAsync((await Program.Kollect.RunAsync(["crds"])).Output);
        await world.ApplyAsync((await Program.Kollect.RunAsync(["install", "--namespace", "inventory", "--webhook", "none"])).Output);
        var options = RunningOperator.Alone with { LeaderElection = true, LeaseNamespace = "inventory" };
        await world.StartOperatorAsync(
            options with { CleanupTimeout = cleanupTimeout ?? options.CleanupTimeout },
            folder.Write("kubeconfig", cluster.KubeconfigOf("token-of-the-operator")));
        await world.ApplyAsync(Namespace("shop"));
        await world.ApplyAsync(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop, labels: {app: shop} }
            spec: {ports: [{port: 80}]}
            ---

            """,
            Secret(world.Database.Url(), @namespace: "shop"), PostgresSink(@namespace: "shop"),
            Profile("services", "Service", @namespace: "shop"), Inventory(@namespace: "shop"), Target("services", "services", "shop"),
            Secret(world.Database.Url(), @namespace: "inventory"), PostgresSink("warehouse", @namespace: "inventory"),
            Profile("services", "Service", @namespace: "inventory"),
            ClusterTarget(spec: "profileNamespace: inventory\n  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop} }"),
            ClusterInventory("{name: warehouse, namespace: inventory}"));
        await Eventually.HoldsAsync(
            async () => await RowsAsync(world) == 2,
            20,
            async () => await world.KubectlAsync("get", "kdb,kinv,kcinv,ktgt,kctgt", "-A", "-o", "yaml") + string.Join("\n", world.Operator!.Log.TakeLast(30)));
        return world;
    }

    private static async Task<long> RowsAsync(World world) =>
        await world.Database.ScalarAsync<bool>("select to_regclass('inventory_items') is not null")
            ? await world.Database.ScalarAsync<long>("select count(*) from inventory_items")
            : 0;
}
