using System.Diagnostics;
using System.Text.Json.Nodes;
using Kollect.Shell.Tests.Deploy;
using Kollect.Shell.Tests.Operator;
using Kollect.Shell.Tests.Operator.Inventories;
using Kollect.Shell.Tests.Program;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Documentation;

/// <summary>
/// The commands of the page, word for word, in a shell that finds <c>kollect</c> and <c>kubectl</c>; the operator runs in the process of the test. Where
/// there is no helm, tests/ChartRender and kubectl do what its command says.
/// </summary>
public sealed class InstallOptionsTests : IDisposable
{
    private const string Page = "docs/get-started/install-options.md";

    /// <summary>In place of the built-in role view, which has the rules of kollect-view.</summary>
    private const string Viewers =
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: viewers, namespace: shop}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kollect-view}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-admins}]
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Each_command_of_the_page_does_what_the_page_says()
    {
        var commands = Pages.Blocks("sh", [Page]).SelectMany(block => block.Text.Replace("\\\n", "", StringComparison.Ordinal).Split('\n'))
            .Select(line => line.Split(" #")[0].Trim()).ToArray();
        Assert.Equal(
            ["kollect crds", "kollect install", "helm install", "kubectl create", "kollect uninstall", "kollect uninstall", "kollect uninstall"],
            commands.Select(command => string.Join(' ', command.Split(' ')[..2])));
        var cluster = await KubernetesServer.StartAsync(new KubernetesOptions { EnforceRbac = true, WithCrds = false });
        await using var world = new World(cluster, await PostgresServer.CreateDatabaseAsync());
        await world.ApplyAsync(UninstallTests.CertManager, Namespace("shop"));

        await RunAsync(world, commands[0]);
        await RunAsync(world, commands[1]);
        Assert.Equal("registry.example.org/kollect:0.1.0", await ImageAsync(world));

        var administrator = folder.Write("of-shop", cluster.KubeconfigOf("token-of-shop"));
        await cluster.AddTokenAsync("token-of-shop", "eve", "shop-admins");
        await world.ApplyAsync(Viewers);
        Assert.Contains("forbidden", (await ApplyAsAsync(world, administrator)).Errors, StringComparison.Ordinal);
        // kubectl create speaks protobuf, which the stand-in does not.
        await RunAsync(world, $"{commands[3]} --dry-run=client -o yaml | kubectl apply -f -");
        _ = (await ApplyAsAsync(world, administrator)).Required;

        await ExportAsync(world);
        Assert.Contains("KollectInventory shop/all", await RunAsync(world, commands[4]), StringComparison.Ordinal);
        Assert.Equal(1, await RowsAsync(world));
        await RunAsync(world, commands[5]);
        Assert.Equal(0, await RowsAsync(world));
        Assert.DoesNotContain("kollect.dev", await world.KubectlAsync("get", "crd", "-o", "name"), StringComparison.Ordinal);

        await HelmAsync(world, commands[2].Split(' '));
        Assert.Equal("registry.example.org/kollect:0.1.0", await ImageAsync(world));
        await ExportAsync(world);
        await RunAsync(world, commands[6]);
        Assert.Equal(1, await RowsAsync(world));
        Assert.DoesNotContain("kollect.dev", await world.KubectlAsync("get", "crd", "-o", "name"), StringComparison.Ordinal);
    }

    /// <summary>Runs a line in bash; what it prints, where it succeeds.</summary>
    private async Task<string> RunAsync(World world, string line)
    {
        var start = new ProcessStartInfo("bash", ["--norc", "-o", "pipefail", "-c", line])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{start.Environment["PATH"]}";
        start.Environment["KUBECONFIG"] = world.Cluster.Kubeconfig;
        start.Environment["HOME"] = folder.Path;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{line}: {await errors}{await output}");
        return await output;
    }

    private static async Task HelmAsync(World world, string[] words)
    {
        var @namespace = words[System.Array.IndexOf(words, "--namespace") + 1];
        Assert.Equal(["helm", "install", "kollect", Chart.Folder], words[..4]);
        Assert.Contains("--create-namespace", words);
        var set = words[System.Array.IndexOf(words, "--set") + 1].Split('=');
        var values = set[0].Split('.').Reverse().Aggregate((JsonNode)JsonValue.Create(set[1]), (inner, name) => new JsonObject { [name] = inner });
        var rendered = await Chart.RenderAsync(@namespace, values.ToJsonString());
        await world.ApplyAsync(Namespace(@namespace));
        // As helm does, definitions first.
        foreach (var objects in rendered.Objects.Values.GroupBy(it => it.Text("kind") == "CustomResourceDefinition").OrderByDescending(it => it.Key))
            await world.ApplyAsync(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "List",
                ["items"] = new JsonArray([.. objects.Select(it => it.DeepClone())]),
            }.ToJsonString());
    }

    /// <summary>A sink of shop, as a kubeconfig's user.</summary>
    private static async Task<KubectlResult> ApplyAsAsync(World world, string kubeconfig) =>
        await Kubectl.RunAsync(["--kubeconfig", kubeconfig, "apply", "-f", "-"], PostgresSink("theirs", @namespace: "shop"), Path.GetDirectoryName(kubeconfig));

    /// <summary>One inventory of shop with one row.</summary>
    private static async Task ExportAsync(World world)
    {
        if (world.Operator is null)
            await world.StartOperatorAsync(RunningOperator.Alone with { LeaderElection = true, LeaseNamespace = "kollect-system" });
        await world.ApplyAsync(
            Secret(world.Database.Url(), @namespace: "shop"), PostgresSink(@namespace: "shop"), ConfigMap("web", @namespace: "shop"),
            Profile(@namespace: "shop"), Target(@namespace: "shop", spec: "names: [web]"), Inventory(@namespace: "shop"));
        await Eventually.HoldsAsync(
            async () => await RowsAsync(world) == 1, 20, () => Task.FromResult(string.Join("\n", world.Operator!.Log.TakeLast(30))));
    }

    private static Task<string> ImageAsync(World world) => world.KubectlAsync(
        "get", "deployment", "kollect-operator", "-n", "kollect-system", "-o", "jsonpath={.spec.template.spec.containers[0].image}");

    private static async Task<long> RowsAsync(World world) =>
        await world.Database.ScalarAsync<bool>("select to_regclass('inventory_items') is not null")
            ? await world.Database.ScalarAsync<long>("select count(*) from inventory_items")
            : 0;
}
