using Kollect.Shell.Tests.Operator;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;

namespace Kollect.Shell.Tests.Collection;

/// <summary>The selection of objects by targets, observed in the rows of the table.</summary>
public sealed class CollectionTests
{
    [Fact]
    public async Task Targets_of_one_kind_and_selector_share_one_list_and_watch()
    {
        await using var world = await World.StartAsync(needs: "a log of requests");
        await world.StopOperatorAsync();
        await world.ApplyAsync(
            Profile(), Profile("names-only", export: "{mode: Attributes}\n  attributes: [{name: value, path: $.data.value}]"),
            Target("one"), Target("two", "names-only"), Target("three", spec: "names: [web]"),
            Target("other", spec: "labelSelector: {matchLabels: {app: web}}"), Inventory(),
            ConfigMap("web", labels: "app: web"), ConfigMap("api"));
        using var account = await OperatorAccount.CreateAsync(world.Cluster);
        await world.StartOperatorAsync(kubeconfig: account.Kubeconfig);
        await world.HoldsAsync(["api", "api", "web", "web", "web", "web"]);
        var (counts, _) = await world.Cluster.RequestsAsync();
        Assert.Equal((2, 2), (counts[$"{account.User} list configmaps"], counts[$"{account.User} watch configmaps"]));

        await world.ApplyAsync(Target("late"));
        await world.HoldsAsync(["api", "api", "api", "web", "web", "web", "web", "web"]);
        Assert.Equal(3, (await world.Cluster.RequestsAsync()).Counts[$"{account.User} list configmaps"]);
        await world.KubectlAsync("delete", "ktgt", "late", "one");
        await world.HoldsAsync(["api", "web", "web", "web"]);
        Assert.Equal(3, (await world.Cluster.RequestsAsync()).Counts[$"{account.User} list configmaps"]);
    }

    [Fact]
    public async Task Changed_labels_add_and_remove_objects()
    {
        await using var world = await World.StartAsync(
            RunningOperator.Alone with { TargetsAcrossNamespaces = true }, needs: "an operator over all namespaces");
        await world.ApplyAsync(
            Namespace("shop", "team: a"), Namespace("lab"), Profile(), Inventory(),
            Target("labelled", spec: "labelSelector: {matchLabels: {app: web}}"),
            Target("of-team-a", spec: "namespaceSelector: {matchLabels: {team: a}}"), Target("opted-in", spec: "watchMode: OptIn"),
            ConfigMap("web", labels: "app: web"), ConfigMap("till", @namespace: "shop"), ConfigMap("rat", @namespace: "lab"));
        await world.HoldsAsync(["till", "web"]);
        await world.Cluster.LabelAsync("configmap", "web", "app=api");
        await world.HoldsAsync(["till"]);
        await world.Cluster.LabelAsync("namespace", "lab", "team=a");
        await world.HoldsAsync(["rat", "till"]);
        await world.Cluster.LabelAsync("configmap", "web", "kollect.dev/watch=true");
        await world.HoldsAsync(["rat", "till", "web"]);
        await world.Cluster.LabelAsync("namespace", "shop", "kollect.dev/watch=false");
        await world.HoldsAsync(["rat", "web"]);
        await world.ApplyAsync(Namespace("new", "team: a"), ConfigMap("egg", @namespace: "new"));
        await world.HoldsAsync(["egg", "rat", "web"]);
    }

    [Fact]
    public async Task An_edited_profile_changes_the_rows_and_never_deletes_them()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(Profile(), Target(), Inventory(), string.Concat(Enumerable.Range(0, 50).Select(i => ConfigMap($"map-{i}"))));
        await world.CountsAsync(50);
        await using var sampler = await TableSampler.StartAsync(world.Database);
        for (var round = 0; round < 5; round++)
        {
            var attribute = $"value_{round}";
            await world.ApplyAsync(Profile(export: $"{{mode: Attributes}}\n  attributes: [{{name: {attribute}, path: $.data.value}}]"));
            var rows = $"select count(*) from inventory_items where payload->'attributes' ? '{attribute}'";
            await world.EventuallyAsync(async () => await world.Database.ScalarAsync<long>(rows) == 50);
        }

        await sampler.AssertNeverBelowAsync(50);
    }

    [Fact]
    public async Task A_kind_that_is_installed_later_is_found()
    {
        await using var world = await World.StartAsync(needs: "a kind that is installed and removed");
        await world.ApplyAsync(
            Profile("widgets", "Widget", group: "example.org"), Target("widgets", "widgets"), Profile(), Target(), Inventory(), ConfigMap("web"));
        await world.HoldsAsync(["web"]);
        await world.EventuallyAsync(async () => World.Reason(await world.StatusAsync("widgets", "ktgt"), "Ready") == "False/KindNotServed");
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "False/SnapshotIncomplete");
        await world.ApplyAsync(
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.org}
            spec:
              group: example.org
              scope: Namespaced
              names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
              versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
            """);
        await world.EventuallyAsync(async () => (await world.Cluster.KubectlAsync("get", "widgets")).ExitCode == 0);
        await world.ApplyAsync("apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: cog}\n");
        await world.HoldsAsync(["cog", "web"], seconds: 30);
        await world.EventuallyAsync(async () => await world.ReasonAsync("Ready") == "True/Synced");
    }

    [Fact]
    public async Task The_content_of_a_Secret_is_never_collected_and_missing_attributes_are_reported()
    {
        await using var world = await World.StartAsync();
        await world.ApplyAsync(
            Profile("secrets", "Secret"), Target("secrets", "secrets", spec: "names: [dsn]"),
            Profile(export: "{mode: Attributes}\n  attributes: [{name: value, path: $.data.value}, {name: owner, path: $.metadata.labels.owner}]"),
            Target(), Inventory(),
            ConfigMap("web"), ConfigMap("api", labels: "owner: me"));
        await world.HoldsAsync(["api", "dsn", "web"]);
        Assert.Equal(0, await world.Database.ScalarAsync<long>(
            """
            select count(*) from inventory_items
            where payload::text like '%postgresql:%'
               or payload->'attributes'->'resource' ? 'data'
               or payload::text like '%last-applied%"Secret%'
            """));
        await world.EventuallyAsync(async () => World.Reason(await world.StatusAsync("configmaps", "ktgt"), "Degraded") == "True/ObjectsLackAttributes");
        var status = await world.StatusAsync("configmaps", "ktgt");
        Assert.Equal((2, 1), ((int)status["itemCount"]!, (int)status["incompleteCount"]!));
        Assert.Contains($"{world.Cluster.Namespace}/web: owner: the path finds nothing", status.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_of_one_namespace_reads_no_other_namespace()
    {
        await using var world = await World.StartAsync(RunningOperator.Alone with { Namespace = "default" }, needs: "a log of requests");
        await world.StopOperatorAsync();
        await world.ApplyAsync(
            Namespace("shop"), Profile(), Target(), Inventory(), ConfigMap("web"), ConfigMap("till", @namespace: "shop"),
            Profile(@namespace: "shop"), Target(@namespace: "shop"), Inventory("{name: inventory}", "others", "shop"));
        using var account = await OperatorAccount.CreateAsync(world.Cluster);
        await world.StartOperatorAsync(RunningOperator.Alone with { Namespace = "default" }, account.Kubeconfig);
        await world.HoldsAsync(["web"]);
        Assert.DoesNotContain(
            (await world.Cluster.RequestsAsync()).Counts.Keys,
            key => key.StartsWith(account.User, StringComparison.Ordinal) && key.Contains("kollectcluster", StringComparison.Ordinal));
        await world.KubectlAsync("delete", "kinv", "all", "--timeout=15s");
        Assert.Empty(await world.RowsAsync());
    }
}
