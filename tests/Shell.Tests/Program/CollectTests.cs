using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Program;

/// <summary><c>kollect collect</c>, beside the operator.</summary>
public sealed partial class CollectTests
{
    private const string Needs = "an operator over all namespaces";

    [Fact]
    public async Task Rows_of_two_clusters_equal_those_of_their_operators()
    {
        await using var east = await World.StartAsync(needs: Needs);
        await using var west = new World(await KubernetesServer.StartAsync(), east.Database);
        await west.ApplyAsync(Secret(west.Database.Url()), Sink("west"));
        await west.StartOperatorAsync();
        string[] objects =
        [
            Profile(), Target(), Inventory(),
            Profile("namespaces", "Namespace"), ClusterTarget("namespaces", "namespaces", "profileNamespace: default"),
            ClusterInventory("{name: inventory, namespace: default}"),
        ];
        await east.ApplyAsync([.. objects, ConfigMap("web"), ConfigMap("api", "überall: \\u0041"), Namespace("shop"), ConfigMap("till", @namespace: "shop")]);
        await west.ApplyAsync([.. objects, ConfigMap("web", "2"), Namespace("lab")]);
        await east.HoldsAsync(["api", "web"]);
        await west.HoldsAsync(["web"], cluster: "west");
        await east.EventuallyAsync(async () => (await east.RowsAsync(inventory: "everything")).Contains("shop"));
        await west.EventuallyAsync(async () => (await west.RowsAsync(inventory: "everything", cluster: "west")).Contains("lab"));
        var written = await RowsAsync(east.Database, "inventory_items");

        using var folder = Folder(east, west);
        folder.Write("all.yaml", string.Concat(objects) + Sink("of-the-context", "collected") + Secret(east.Database.Url()));
        string[] arguments = ["collect", "-f", folder.At("all.yaml"), "--kubeconfig", folder.At("kubeconfig"), "--context"];
        var dry = await RunAsync([.. arguments, "east,west", "--dry-run"]);
        Assert.Equal((0, 4), (dry.ExitCode, Regex.Count(dry.Output, ": DryRun: ")));
        Assert.Equal([], await east.Database.RowsAsync("select 1 from pg_class where relname = 'collected'", row => row.GetInt32(0)));

        var result = await RunAsync([.. arguments, "east,west"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Golden.Verify(Masked(result.Output), "cli/collect.txt");
        Assert.Equal(written, await RowsAsync(east.Database, "collected"));

        // A cluster that is away does not keep the others from being exported; a target that cannot be collected deletes nothing.
        await east.KubectlAsync("delete", "configmap", "api");
        folder.Write("more.yaml", Profile("gone", "Gone", "v1", "absent.example") + Target("gone", "gone"));
        var partial = await RunAsync([.. arguments, "away,east", "-f", folder.At("more.yaml"), "-o", "json", "--timeout", "20s"]);
        OutputSchema.AssertValid(partial.Output, "Collection");
        Assert.Equal(1, partial.ExitCode);
        var clusters = JsonNode.Parse(partial.Output)!["clusters"]!.AsArray();
        Assert.Equal("TryLater", (string?)clusters[0]!["failure"]!["reason"]);
        var incomplete = clusters[1]!["exports"]!.AsArray().Single(it => (string?)it!["inventory"] == "default/all")!;
        Assert.Contains("gone: ", (string?)incomplete["incomplete"], StringComparison.Ordinal);
        Assert.Equal(written, await RowsAsync(east.Database, "collected"));
    }

    [Theory]
    [InlineData("east,west=east", "east and west have one cluster label")]
    [InlineData("east,,west", "a name is empty")]
    [InlineData("east= x", "white space")]
    public async Task Contexts_that_would_share_rows_are_refused(string contexts, string why)
    {
        var result = await RunAsync(["collect", "-f", "crds/samples", "--context", contexts]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(why, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_without_an_inventory_or_without_its_sink_are_refused()
    {
        using var folder = new TemporaryFolder();
        var none = await RunAsync(["collect", "-f", folder.Write("none.yaml", Profile() + Target())]);
        Assert.Equal((1, "kollect: the files of -f hold no KollectInventory or KollectClusterInventory\n"), (none.ExitCode, none.Errors));
        var lost = await RunAsync(["collect", "-f", folder.Write("lost.yaml", Profile() + Target() + Inventory())]);
        Assert.Equal(
            (1, "kollect: inventory default/all names the sink default/inventory, which is not among the files of -f\n"), (lost.ExitCode, lost.Errors));
    }

    private static string Sink(string cluster, string table = "inventory_items") => PostgresSink()
        .Replace("cluster: east", $"cluster: {cluster}", StringComparison.Ordinal)
        .Replace("table: inventory_items", $"table: {table}", StringComparison.Ordinal);

    private static async Task<string[]> RowsAsync(TestDatabase database, string table) => [.. await database.RowsAsync(
        $"""
        select concat_ws(' ', cluster, inventory_namespace, inventory_name, target_name, source_uid, resource_namespace, payload) as line
        from {table} order by cluster, inventory_name, target_name, source_uid
        """,
        row => row.GetString(0))];

    /// <summary>A folder with a kubeconfig of both, and of a cluster that is away.</summary>
    private static TemporaryFolder Folder(World east, World west)
    {
        var config = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Config", ["current-context"] = "none" };
        foreach (var list in new[] { "clusters", "contexts", "users" })
            config[list] = new JsonArray();
        foreach (var (name, world) in new[] { ("east", east), ("west", west), ("away", west) })
        {
            var own = JsonNode.Parse(File.ReadAllText(world.Cluster.Kubeconfig))!;
            foreach (var list in new[] { "clusters", "contexts", "users" })
            {
                var entry = own[list]![0]!.DeepClone();
                entry["name"] = name;
                ((JsonArray)config[list]!).Add(entry);
            }

            var context = config["contexts"]!.AsArray()[^1]!["context"]!;
            (context["cluster"], context["user"]) = (name, name);
            if (name == "away")
                config["clusters"]!.AsArray()[^1]!["cluster"]!["server"] = "https://127.0.0.1:1";
        }

        var folder = new TemporaryFolder();
        folder.Write("kubeconfig", config.ToJsonString());
        return folder;
    }

    private static string Masked(string output) => Varying().Replace(Port().Replace(output, "127.0.0.1:PORT"), "$1 N");

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Port();

    [GeneratedRegex(@"(bytes|elapsedMs) +[\d,]+")]
    private static partial Regex Varying();
}
