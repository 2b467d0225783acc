using System.Text.RegularExpressions;
using Kollect.Shell.Tests.Operator.Inventories;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>The events that people read with kubectl. No real API server accepted one of them: the stand-in did not validate what it validates.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task Kubectl_shows_the_first_sight_a_failure_and_the_recovery_of_a_sink()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        await using var running = await RunningOperator.StartAsync(server);
        await server.ApplyAsync(Secret(database.Url()) + PostgresSink("shop.example.com"));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "shop.example.com");
        await server.ApplyAsync(Secret(database.Url("nobody", "wrong")));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified=False", "shop.example.com", 40);
        await server.ApplyAsync(Secret(database.Url()));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "shop.example.com", 40);

        var expected = new[] { "Normal ConnectionOK", "Warning ConnectionTestFailed", "Normal ConnectionOK" };
        await Eventually.HoldsAsync(async () => (await EventsAsync(server, "kollectdatabasesink/shop.example.com")).Length >= expected.Length);
        Assert.Equal(expected.Order(), (await EventsAsync(server, "kollectdatabasesink/shop.example.com")).Order());
        var described = (await server.KubectlAsync("describe", "kdb", "shop.example.com")).Required;
        Assert.Matches(@"(?s)Events:.*Warning +ConnectionTestFailed .*kollect\.dev/operator .*28P01", described);
    }

    /// <summary>The limit on a note is one of bytes, and a dash has three.</summary>
    [Fact]
    public async Task Kubectl_shows_the_event_of_an_invalid_sink_with_a_cut_note()
    {
        await using var server = await KubernetesServer.StartAsync();
        await using var running = await RunningOperator.StartAsync(server);
        var options = string.Join(", ", Enumerable.Range(10, 20).Select(number => $"\"unknown{new string('—', 20)}{number}\": \"1\""));
        await server.ApplyAsync(PostgresSink("invalid", spec: $"options: {{{options}}}"));
        await Eventually.HoldsAsync(async () => (await EventsAsync(server, "kollectdatabasesink/invalid")).Length > 0);
        Assert.Equal(["Warning InvalidSpec"], await EventsAsync(server, "kollectdatabasesink/invalid"));
        Assert.Matches(@"(?s)Events:.*InvalidSpec .*unknown—.*…", (await server.KubectlAsync("describe", "kdb", "invalid")).Required);
    }

    /// <summary>A terminating namespace accepts no event.</summary>
    [Fact]
    public async Task Events_about_a_terminating_namespace_stand_in_that_of_the_operator()
    {
        await using var world = await World.StartAsync(
            RunningOperator.Alone with { LeaseNamespace = "kube-system", CleanupTimeout = TimeSpan.FromSeconds(2) }, needs: "a cluster of its own");
        await world.ApplyAsync(
            Namespace("tenant"),
            Secret(world.Database.Url(), @namespace: "tenant"),
            PostgresSink(@namespace: "tenant"),
            Profile(@namespace: "tenant"),
            Target(@namespace: "tenant"),
            ConfigMap("one", @namespace: "tenant"),
            Inventory(@namespace: "tenant"));
        await world.Cluster.WaitAsync("kinv", "all", "condition=Synced", "tenant");
        await world.Cluster.DeleteAsync("namespace", "tenant");
        await world.Cluster.WaitAsync("namespace", "tenant", "delete");

        var events = "";
        await Eventually.HoldsAsync(async () =>
        {
            events = await world.KubectlAsync("events", "-n", "kube-system", "--for", "kollectinventory/all");
            return events.Contains("Rows", StringComparison.Ordinal);
        });
        Assert.Matches(@"Rows(Removed|LeftBehind) +KollectInventory/all +KollectInventory tenant/all: ", events);
        var regarding = await world.KubectlAsync("get", "events.events.k8s.io", "-n", "kube-system", "-o", "jsonpath={.items[*].regarding.namespace}");
        Assert.Contains("tenant", regarding, StringComparison.Ordinal);
    }

    /// <summary>Type and reason of each event, as <c>kubectl events</c> shows them.</summary>
    private static async Task<string[]> EventsAsync(KubernetesServer server, string @for)
    {
        var shown = (await server.KubectlAsync("events", "--for", @for)).Output;
        return [.. Regex.Matches(shown, @"\b(Normal|Warning) +(\w+)").Select(it => $"{it.Groups[1]} {it.Groups[2]}")];
    }
}
