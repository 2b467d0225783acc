using System.Text.RegularExpressions;
using Kollect.Operator;
using Kollect.Shell.Tests.Operator;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;

namespace Kollect.Shell.Tests.Collection;

/// <summary>Targets and the objects of other namespaces, observed in the rows of the table.</summary>
public sealed partial class GrantTests
{
    private const string Needs = "an operator over all namespaces";
    private static readonly OperatorOptions Unlimited = RunningOperator.Alone with { TargetsAcrossNamespaces = true };

    [Fact]
    public async Task A_target_collects_from_its_own_namespace_and_from_those_that_grant_it()
    {
        await using var world = await World.StartAsync(needs: Needs);
        await world.ApplyAsync(
            Namespace("shop"), Namespace("lab"), Profile(), Target(), Inventory(),
            ConfigMap("web"), ConfigMap("till", @namespace: "shop"), ConfigMap("rat", @namespace: "lab"));
        await world.HoldsAsync(["web"]);
        Assert.Equal("True/Collected", World.Reason(await world.StatusAsync("configmaps", "ktgt"), "Ready"));
        var (granted, message) = await GrantsAsync(world);
        Assert.Equal("True/OwnAndGranted", granted);
        Assert.DoesNotContain("lab", message, StringComparison.Ordinal);

        await world.KubectlAsync(Command(message.Replace("NAMESPACE", "shop", StringComparison.Ordinal)));
        await world.HoldsAsync(["till", "web"]);
        await world.EventuallyAsync(async () => (await GrantsAsync(world)).Message.Contains("with their grant from shop", StringComparison.Ordinal), 40);
        await world.ApplyAsync(ConfigMap("cash", @namespace: "shop"), ConfigMap("cat", @namespace: "lab"));
        await world.HoldsAsync(["cash", "till", "web"]);

        await world.Cluster.AnnotateAsync("namespace", "shop", "kollect.dev/allowed-target-namespaces-");
        await world.HoldsAsync(["web"]);
        await world.Cluster.AnnotateAsync("namespace", "lab", "kollect.dev/allowed-target-namespaces=*");
        await world.HoldsAsync(["cat", "rat", "web"]);
        await world.KubectlAsync("delete", "namespace", "lab", "--wait=false");
        await world.HoldsAsync(["web"], seconds: 40);
    }

    [Fact]
    public async Task A_namespace_that_is_named_and_not_granted_makes_the_target_not_ready_and_deletes_no_row()
    {
        await using var world = await World.StartAsync(needs: Needs);
        await world.ApplyAsync(
            Namespace("shop"), Profile(), Inventory(), ConfigMap("web"), ConfigMap("api"), ConfigMap("till", @namespace: "shop"),
            Target(spec: Names("default", "shop")), Target("nowhere", spec: Names("nothing")));
        await world.HoldsAsync(["api", "web"]);
        await world.WaitAsync("Ready=False", "configmaps", "ktgt");
        await world.WaitAsync("Ready=False", "nowhere", "ktgt");
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "False/SnapshotIncomplete");
        Assert.Equal("False/NamespacesNotGranted", World.Reason(await world.StatusAsync("configmaps", "ktgt"), "Ready"));
        var (granted, message) = await GrantsAsync(world);
        Assert.Equal("False/NotGranted", granted);
        Assert.Equal(message, (await GrantsAsync(world, "nowhere")).Message.Replace("nothing", "shop", StringComparison.Ordinal));

        await world.KubectlAsync("delete", "configmap", "api");
        await world.ApplyAsync(ConfigMap("db"));
        await world.HoldsAsync(["api", "db", "web"]);
        await world.KubectlAsync("delete", "ktgt", "nowhere");
        await world.KubectlAsync(Command(message));
        await world.HoldsAsync(["db", "till", "web"], seconds: 40);
        Assert.Equal("True/Collected", World.Reason(await world.StatusAsync("configmaps", "ktgt"), "Ready"));
    }

    [Fact]
    public async Task Namespaces_that_labels_select_are_collected_as_they_grant_it()
    {
        await using var world = await World.StartAsync(needs: Needs);
        await world.ApplyAsync(
            Namespace("shop", "team: a"), Namespace("lab", "team: a"), Namespace("db", "team: b"), Profile(), Inventory(),
            Target(spec: "namespaceSelector: {matchLabels: {team: a}}"),
            ConfigMap("web"), ConfigMap("till", @namespace: "shop"), ConfigMap("rat", @namespace: "lab"), ConfigMap("pg", @namespace: "db"));
        foreach (var name in new[] { "shop", "db" })
            await world.Cluster.AnnotateAsync("namespace", name, "kollect.dev/allowed-target-namespaces=default");
        await world.HoldsAsync(["till"]);
        await world.EventuallyAsync(async () => (await GrantsAsync(world)).Message.Contains("with their grant from shop", StringComparison.Ordinal), 40);
        var (granted, message) = await GrantsAsync(world);
        Assert.Equal("False/NotGranted", granted);
        Assert.Equal("True/Collected", World.Reason(await world.StatusAsync("configmaps", "ktgt"), "Ready"));
        Assert.DoesNotContain("db", message, StringComparison.Ordinal);
        await world.KubectlAsync(Command(message));
        await world.HoldsAsync(["rat", "till"]);
    }

    /// <summary>An upgrade, or a changed flag, is no wish of an owner to delete rows.</summary>
    [Fact]
    public async Task Rows_that_an_operator_without_limits_has_written_stay_until_the_target_is_edited()
    {
        await using var world = await World.StartAsync(Unlimited, needs: Needs);
        await world.ApplyAsync(
            Namespace("shop"), Profile(), Target(), Inventory(), ConfigMap("web"), ConfigMap("api"), ConfigMap("till", @namespace: "shop"));
        await world.HoldsAsync(["api", "till", "web"]);
        await world.EventuallyAsync(async () => (long?)(await world.StatusAsync("configmaps", "ktgt"))["itemCount"] == 3, 40);
        await world.StopOperatorAsync();

        for (var start = 0; start < 2; start++)
        {
            await world.StartOperatorAsync();
            await world.WaitAsync("NamespacesGranted=False", "configmaps", "ktgt");
            await world.ApplyAsync(ConfigMap($"new-{start}"));
            await world.EventuallyAsync(async () => (await world.RowsAsync()).Contains($"new-{start}"));
            Assert.Subset((await world.RowsAsync()).ToHashSet(), new System.Collections.Generic.HashSet<string> { "api", "till", "web" });
            Assert.Equal("False/RowsHeld", (await GrantsAsync(world)).Reason);
            await world.EventuallyAsync(async () => World.Reason(await world.StatusAsync("configmaps", "ktgt"), "Ready") == "False/NamespacesNotGranted");
            await world.StopOperatorAsync();
        }

        await world.StartOperatorAsync();
        await world.ApplyAsync(Target(spec: Names("default")));
        await world.HoldsAsync(["api", "new-0", "new-1", "web"]);
        Assert.Equal("True/Granted", (await GrantsAsync(world)).Reason);
    }

    [Fact]
    public async Task Objects_without_a_namespace_are_left_to_targets_of_the_cluster()
    {
        await using var world = await World.StartAsync(needs: Needs);
        await world.ApplyAsync(Profile("namespaces", "Namespace"), Target("namespaces", "namespaces"), Inventory());
        await world.WaitAsync("Ready=False", "namespaces", "ktgt");
        Assert.Equal("False/KindHasNoNamespace", World.Reason(await world.StatusAsync("namespaces", "ktgt"), "Ready"));
        await world.StopOperatorAsync();
        await world.StartOperatorAsync(Unlimited);
        await world.EventuallyAsync(async () => (await world.RowsAsync()).Contains("default"));
    }

    private static string Names(params string[] names) =>
        $"namespaceSelector: {{matchExpressions: [{{key: kubernetes.io/metadata.name, operator: In, values: [{string.Join(", ", names)}]}}]}}";

    private static async Task<(string Reason, string Message)> GrantsAsync(World world, string target = "configmaps")
    {
        var status = await world.StatusAsync(target, "ktgt");
        var condition = status["conditions"]!.AsArray().Single(it => (string)it!["type"]! == "NamespacesGranted")!;
        return (World.Reason(status, "NamespacesGranted"), (string)condition["message"]!);
    }

    /// <summary>The arguments of the command in a message.</summary>
    private static string[] Command(string message) => KubectlAnnotate().Match(message).Groups["arguments"].Value.Split(' ');

    [GeneratedRegex(@"kubectl (?<arguments>annotate [^=]+=\S+)")]
    private static partial Regex KubectlAnnotate();
}
