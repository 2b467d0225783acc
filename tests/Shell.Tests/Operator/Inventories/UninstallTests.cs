using System.Diagnostics;
using System.Text.RegularExpressions;
using Kollect.Operator;
using Kollect.Shell.Tests.Program;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>Installing, uninstalling and installing again, by the commands of the documentation: each command ends, and nothing is lost.</summary>
public sealed class UninstallTests : IDisposable
{
    private const string Install = "docs/get-started/install.md";
    private const string Uninstall = "docs/how-to/uninstall.md";
    private const string Account = "system:serviceaccount:kollect-system:kollect-operator";

    /// <summary>In kollect-system lies the sink of a cluster inventory; in shop everything of a tenant.</summary>
    private const int Rows = 2;

    private const string OfShop = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop} }";

    private static readonly OperatorOptions Options = RunningOperator.Alone with { LeaseNamespace = "kollect-system" };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Uninstalling_by_the_documented_order_ends_and_a_reinstall_brings_everything_back()
    {
        await using var world = await InstalledAsync();
        var commands = Commands(Uninstall);
        Assert.Equal(4, commands.Length);
        foreach (var command in commands)
        {
            // The operator goes with its Deployment.
            if (command.Contains("delete -k", StringComparison.Ordinal))
                await world.StopOperatorAsync();
            await RunAsync(world, command);
        }

        Assert.Equal(0, await RowsAsync(world));
        Assert.DoesNotContain("kollect.dev", await world.KubectlAsync("get", "crd", "-o", "name"), StringComparison.Ordinal);

        await InstallAsync(world);
        await EventuallyAsync(world, async () => await RowsAsync(world) == Rows);
    }

    [Fact]
    public async Task The_operator_alone_is_deleted_and_installed_again_and_everything_stays()
    {
        await using var world = await InstalledAsync();
        await world.StopOperatorAsync();
        var before = await UidsAsync(world);
        await RunAsync(world, Commands(Uninstall).Single(it => it.Contains("delete -k", StringComparison.Ordinal)));
        Assert.Equal(before, await UidsAsync(world));
        Assert.Equal(Rows, await RowsAsync(world));
        await RunAsync(world, Commands(Install).Single(it => it.Contains("apply -k", StringComparison.Ordinal)));
        await StartAsync(world);
        await world.ApplyAsync(Service("db"));
        await EventuallyAsync(world, async () => await RowsAsync(world) == 2 * Rows);
    }

    [Fact]
    public async Task Definitions_that_are_deleted_while_the_operator_runs_go_with_all_rows()
    {
        await using var world = await InstalledAsync();
        await RunAsync(world, "kubectl delete -f crds/");
        Assert.Equal(0, await RowsAsync(world));
    }

    [Fact]
    public async Task Definitions_that_are_deleted_without_the_operator_go_when_it_is_installed_again()
    {
        await using var world = await InstalledAsync();
        await world.StopOperatorAsync();
        await RunAsync(world, "kubectl delete -k Shell/Host/deploy");
        await RunAsync(world, "kubectl delete -f crds/ --wait=false");
        await Eventually.HoldsAsync(async () => await DefinitionsAsync() == 3); // of sinks and of both kinds of inventories
        Assert.Equal(Rows, await RowsAsync(world));

        await RunAsync(world, "kubectl apply -k Shell/Host/deploy");
        await StartAsync(world);
        await EventuallyAsync(world, async () => await DefinitionsAsync() == 0);
        Assert.Equal(0, await RowsAsync(world));
        await InstallAsync(world);
        await EventuallyAsync(world, async () => await RowsAsync(world) == Rows);

        async Task<int> DefinitionsAsync() => Regex.Count(await world.KubectlAsync("get", "crd", "-o", "name"), "kollect.dev");
    }

    [Fact]
    public async Task Rows_that_are_to_be_kept_are_taken_over_after_a_reinstall()
    {
        await using var world = await InstalledAsync();
        const string Retain = "kubectl annotate kinv,kcinv --all --all-namespaces kollect.dev/reclaim=retain";
        Assert.Contains(Retain, Pages.Read(Uninstall), StringComparison.Ordinal);
        await RunAsync(world, Retain);
        await RunAsync(world, Commands(Uninstall)[0]);
        Assert.Equal(Rows, await RowsAsync(world));
        await world.ApplyAsync(Inventory(@namespace: "shop"), ClusterInventory("{name: warehouse, namespace: kollect-system}", spec: OfShop));
        await world.ApplyAsync(Service("db"));
        await EventuallyAsync(world, async () => await RowsAsync(world) == 2 * Rows);
    }

    [Fact]
    public async Task A_sink_in_use_stays_and_says_who_uses_it()
    {
        await using var world = await InstalledAsync();
        await world.KubectlAsync("delete", "kdb", "inventory", "-n", "shop", "--wait=false");
        await EventuallyAsync(world, async () => (await world.Cluster.GetAsync("kdb", "inventory", "shop"))["status"]!["conditions"]!.AsArray().Any(it =>
            (string?)it!["reason"] == "InUse" && ((string)it["message"]!).Contains("in use by 1 inventory: shop/all", StringComparison.Ordinal)));
        await world.ApplyAsync(Service("db"), Inventory(name: "late", @namespace: "shop"));
        await EventuallyAsync(world, async () => await RowsAsync(world) == 2 * Rows);
        await EventuallyAsync(
            world, async () => World.Reason((await world.Cluster.GetAsync("kinv", "late", "shop"))["status"], "Ready") == "False/SinkInvalid");
        await RunAsync(world, "kubectl delete kinv late all -n shop");
        await world.Cluster.WaitAsync("kdb", "inventory", "delete", "shop");
        Assert.Equal(Rows, await RowsAsync(world)); // of the cluster inventory
    }

    [Fact]
    public async Task A_sink_that_a_cluster_inventory_uses_does_not_hold_its_namespace()
    {
        await using var world = await InstalledAsync();
        await world.ApplyAsync(
            Namespace("platform"), Secret(world.Database.Url(), @namespace: "platform"), PostgresSink("other", @namespace: "platform"),
            ClusterInventory("{name: other, namespace: platform}", "second", OfShop));
        await EventuallyAsync(world, async () => await RowsAsync(world) == Rows + 1);
        await RunAsync(world, "kubectl delete namespace platform");
        Assert.Equal(Rows + 1, await RowsAsync(world));
        await RunAsync(world, "kubectl delete kcinv second");
        Assert.Equal(Rows, await RowsAsync(world));
    }

    /// <summary>The commands of kubectl in the first block of a page, word for word.</summary>
    private static string[] Commands(string page) =>
    [
        .. Pages.Blocks("sh", [page]).First().Text.Split('\n')
            .Where(line => line.StartsWith("kubectl ", StringComparison.Ordinal)).Select(line => line.Split('#')[0].Trim()),
    ];

    private async Task<World> InstalledAsync()
    {
        var cluster = await KubernetesServer.StartAsync(new KubernetesOptions { EnforceRbac = true, WithCrds = false });
        var world = new World(cluster, await PostgresServer.CreateDatabaseAsync());
        await world.ApplyAsync(CertManager);
        await cluster.AddTokenAsync("token-of-the-operator", Account, "system:serviceaccounts");
        await InstallAsync(world);
        await EventuallyAsync(world, async () => await RowsAsync(world) == Rows);
        return world;
    }

    private async Task InstallAsync(World world)
    {
        foreach (var command in Commands(Install).Where(it => it.Contains("apply", StringComparison.Ordinal)))
            await RunAsync(world, command);
        if (world.Operator is null)
            await StartAsync(world);
        await world.ApplyAsync(Namespace("shop"));
        await world.ApplyAsync(
            Secret(world.Database.Url(), @namespace: "shop"), PostgresSink(@namespace: "shop"), Service("web"),
            Profile("services", "Service", @namespace: "shop"), Inventory(@namespace: "shop"),
            Target("services", "services", "shop", "labelSelector: {matchLabels: {app: shop} }"),
            Secret(world.Database.Url(), @namespace: "kollect-system"), PostgresSink("warehouse", @namespace: "kollect-system"),
            Profile("services", "Service", @namespace: "kollect-system"), ClusterTarget(),
            ClusterInventory("{name: warehouse, namespace: kollect-system}", spec: OfShop));
    }

    private static Task EventuallyAsync(World world, Func<Task<bool>> holds) => Eventually.HoldsAsync(
        holds,
        20,
        async () => (await world.Cluster.KubectlAsync("get", "kdb,kinv,kcinv", "-A", "-o", "yaml")).Output
            + string.Join("\n", world.Operator?.Log.TakeLast(30) ?? []));

    private Task StartAsync(World world) => world.StartOperatorAsync(
        Options, folder.Write("kubeconfig", world.Cluster.KubeconfigOf("token-of-the-operator")));

    private static async Task RunAsync(World world, string command)
    {
        var began = Stopwatch.GetTimestamp();
        var arguments = command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        await world.KubectlAsync(arguments.Contains("delete") && !arguments.Contains("--wait=false") ? [.. arguments, "--timeout=60s"] : arguments);
        TestContext.Current.TestOutputHelper?.WriteLine($"{command}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
    }

    private static async Task<long> RowsAsync(World world) =>
        await world.Database.ScalarAsync<bool>("select to_regclass('inventory_items') is not null")
            ? await world.Database.ScalarAsync<long>("select count(*) from inventory_items")
            : 0;

    private static Task<string> UidsAsync(World world) =>
        world.KubectlAsync("get", "kinv,kcinv,kdb,ktgt,kctgt,kprof", "-A", "-o", "jsonpath={.items[*].metadata.uid}");

    private static string Service(string name) => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{name}}, namespace: shop, labels: {app: shop} }
        spec: {ports: [{port: 80}]}
        ---

        """;

    /// <summary>The kinds of cert-manager that the folder needs, without their controller.</summary>
    internal static string CertManager => string.Concat(new[] { ("issuers", "Issuer"), ("certificates", "Certificate") }.Select(it => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: {{it.Item1}}.cert-manager.io}
        spec:
          group: cert-manager.io
          scope: Namespaced
          names: {plural: {{it.Item1}}, singular: {{it.Item1}}, kind: {{it.Item2}}}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true} }
        ---

        """));
}
