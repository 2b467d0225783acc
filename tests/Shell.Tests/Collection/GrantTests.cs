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
        await world.HasReasonAsync("True/Collected", "Ready", "configmaps", "ktgt");
        await world.HasReasonAsync("True/OwnAndGranted", "NamespacesGranted", "configmaps", "ktgt");
        var message = await GrantMessageAsync(world);
        Assert.DoesNotContain("lab", message, StringComparison.Ordinal);

        await world.KubectlAsync(Command(message.Replace("NAMESPACE", "shop", StringComparison.Ordinal)));
        await world.HoldsAsync(["till", "web"]);
        await world.EventuallyAsync(async () => (await GrantMessageAsync(world)).Contains("with their grant from shop", StringComparison.Ordinal), 40);
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
        await world.HasReasonAsync("False/NamespacesNotGranted", "Ready", "configmaps", "ktgt");
        await world.HasReasonAsync("False/NotGranted", "NamespacesGranted", "configmaps", "ktgt");
        var message = await GrantMessageAsync(world);
        Assert.Equal(message, (await GrantMessageAsync(world, "nowhere")).Replace("nothing", "shop", StringComparison.Ordinal));

        await world.KubectlAsync("delete", "configmap", "api");
        await world.ApplyAsync(ConfigMap("db"));
        await world.HoldsAsync(["api", "db", "web"]);
        await world.KubectlAsync("delete", "ktgt", "nowhere");
        await world.KubectlAsync(Command(message));
        await world.HoldsAsync(["db", "till", "web"], seconds: 40);
        await world.HasReasonAsync("True/Collected", "Ready", "configmaps", "ktgt");
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
        await world.EventuallyAsync(async () => (await GrantMessageAsync(world)).Contains("with their grant from shop", StringComparison.Ordinal), 40);
        await world.HasReasonAsync("False/NotGranted", "NamespacesGranted", "configmaps", "ktgt");
        var message = await GrantMessageAsync(world);
        await world.HasReasonAsync("True/Collected", "Ready", "configmaps", "ktgt");
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
            await world.HasReasonAsync("False/RowsHeld", "NamespacesGranted", "configmaps", "ktgt");
            await world.HasReasonAsync("False/NamespacesNotGranted", "Ready", "configmaps", "ktgt");
            await world.StopOperatorAsync();
        }

        await world.StartOperatorAsync();
        await world.ApplyAsync(Target(spec: Names("default")));
        await world.HoldsAsync(["api", "new-0", "new-1", "web"]);
        await world.HasReasonAsync("True/Granted", "NamespacesGranted", "configmaps", "ktgt");
    }

    [Fact]
    public async Task Objects_without_a_namespace_are_left_to_targets_of_the_cluster()
    {
        await using var world = await World.StartAsync(needs: Needs);
        await world.ApplyAsync(Profile("namespaces", "Namespace"), Target("namespaces", "namespaces"), Inventory());
        await world.WaitAsync("Ready=False", "namespaces", "ktgt");
        await world.HasReasonAsync("False/KindHasNoNamespace", "Ready", "namespaces", "ktgt");
        await world.StopOperatorAsync();
        await world.StartOperatorAsync(Unlimited);
        await world.EventuallyAsync(async () => (await world.RowsAsync()).Contains("default"));
    }

    private static string Names(params string[] names) =>
        $"namespaceSelector: {{matchExpressions: [{{key: kubernetes.io/metadata.name, operator: In, values: [{string.Join(", ", names)}]}}]}}";

    private static async Task<string> GrantMessageAsync(World world, string target = "configmaps")
    {
        var conditions = (await world.StatusAsync(target, "ktgt"))["conditions"]!.AsArray();
        return (string)conditions.Single(it => (string)it!["type"]! == "NamespacesGranted")!["message"]!;
    }

    /// <summary>The arguments of the command in a message.</summary>
    private static string[] Command(string message) => KubectlAnnotate().Match(message).Groups["arguments"].Value.Split(' ');

    [GeneratedRegex(@"kubectl (?<arguments>annotate [^=]+=\S+)")]
    private static partial Regex KubectlAnnotate();
}
