using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Transport;
using static Kollect.Shell.Tests.Kubernetes.Clients;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Many objects in the stand-in API server, loaded in bulk: kubectl and the client read them like any others.</summary>
public sealed class StandInLoadTests
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("KOLLECT_SOAK") is { Length: > 0 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kubectl_shows_loaded_objects_unchanged()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.LoadAsync(ClusterObjects.NamespaceObjects());
        Assert.Equal(60, await server.LoadAsync(ClusterObjects.Mixed(60)));
        foreach (var kind in ClusterObjects.Kinds)
        {
            var given = ClusterObjects.Of(kind, 10).ToDictionary(UidOf, text => JsonNode.Parse(text)!);
            var list = (await server.KubectlAsync("get", kind, "-A", "-o", "json", "--show-managed-fields")).Required;
            var shown = JsonNode.Parse(list)!["items"]!.AsArray();
            Assert.Equal(10, shown.Count);
            foreach (var it in shown)
            {
                Assert.True(it!["metadata"]!.AsObject().Remove("resourceVersion"));
                it["metadata"]!.AsObject().Remove("generation");
                Assert.True(JsonNode.DeepEquals(given[UidOf(it.ToJsonString())], it), it.ToJsonString());
            }
        }

        Assert.Equal(["data-live", "data-test"], Names(await server.KubectlAsync("get", "namespaces", "-l", "team=data", "-o", "name")));
        Assert.Equal(["data-live"], Names(await server.KubectlAsync("get", "namespaces", "-l", "kubernetes.io/metadata.name=data-live", "-o", "name")));
        const string Unknown = """{"apiVersion":"v2","kind":"Pod","metadata":{"name":"it","namespace":"default"}}""";
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.LoadAsync([.. ClusterObjects.Of("Pod", 1), Unknown]));
        Assert.Contains("line 2: no matches for kind", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_published_by_projects_can_be_loaded()
    {
        var published = ClusterObjects.Published();
        await using var server = await KubernetesServer.StartAsync();
        Assert.Equal(published.Count, await server.LoadAsync(published));
        using var client = server.Client();
        var pods = published.Select(text => JsonNode.Parse(text)!).Count(it => (string)it["kind"]! == "Pod");
        Assert.True(pods > 40, "hardly any pods");
        Assert.Equal(pods, await CountAsync(client, new Resource("", "v1", "pods", Namespaced: true)));
    }

    [Fact]
    public async Task A_watch_reports_loaded_replaced_and_removed_objects()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await server.LoadAsync([Given("a", "1"), Given("b", "1")]);
        var version = (await client.ListAsync(ConfigMaps, Selection.All, Cancel).FirstAsync(Cancel)).ResourceVersion;
        await server.LoadAsync([Given("a", "2")]);
        await server.LoadAsync([Given("b", "2", "c0ffee00-0000-4000-8000-000000000000")]);
        await server.RemoveAsync([Given("a", "")]);

        var events = await client.WatchAsync(ConfigMaps, Selection.All, version, Cancel).Take(4).ToListAsync(Cancel);
        Assert.Equal(["Seen a 2", "Deleted b 1", "Seen b 2", "Deleted a 2"], events.Select(it => it switch
        {
            WatchEvent.Seen seen => $"Seen {Field(seen.Object, "metadata.name")} {Field(seen.Object, "data.it")}",
            WatchEvent.Deleted deleted => $"Deleted {Field(deleted.Object, "metadata.name")} {Field(deleted.Object, "data.it")}",
            _ => it.GetType().Name,
        }));
        var absent = await Assert.ThrowsAsync<InvalidOperationException>(() => server.RemoveAsync([Given("a", "")]));
        Assert.Contains("not found", absent.Message, StringComparison.Ordinal);

        static string Given(string name, string value, string uid = "")
        {
            var uidField = uid.Length > 0 ? $",\"uid\":\"{uid}\"" : "";
            return $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}","namespace":"made"{{uidField}}},"data":{"it":"{{value}}"} }""";
        }
    }

    [Fact]
    public async Task Every_watch_gets_a_change_in_its_own_API_version()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        string[] groups = ["", "events.k8s.io", "", "events.k8s.io"];
        var version = (await client.ListAsync(ConfigMaps, Selection.All, Cancel).FirstAsync(Cancel)).ResourceVersion;
        var watches = groups.Select(WatchAsync).ToList();
        await Eventually.HoldsAsync(async () =>
        {
            var counts = (await server.RequestsAsync()).Counts;
            return counts.Where(it => it.Key.Contains(" watch events", StringComparison.Ordinal)).Sum(it => it.Value) == groups.Length;
        });
        await server.LoadAsync(["""{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"it","namespace":"default"} }"""]);
        Assert.Equal(["v1", "events.k8s.io/v1", "v1", "events.k8s.io/v1"], (await Task.WhenAll(watches)).Select(seen => Field(seen.Object, "apiVersion")));

        Task<WatchEvent.Seen> WatchAsync(string group)
        {
            var events = client.WatchAsync(new Resource(group, "v1", "events", Namespaced: true), Selection.All, version, Cancel);
            return events.OfType<WatchEvent.Seen>().FirstAsync(Cancel).AsTask();
        }
    }

    [Fact]
    public async Task All_pages_of_a_list_show_the_cluster_at_the_time_of_the_first()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.LoadAsync(ClusterObjects.Of("Pod", 300));
        var before = await PageAsync("");

        var first = await PageAsync("limit=100");
        await server.RemoveAsync(ClusterObjects.Of("Pod", 150));
        await server.LoadAsync(ClusterObjects.Of("Pod", 400, seed: 2));
        await server.LoadAsync(ClusterObjects.Of("Pod", 300, revision: 1).Skip(150));
        var second = await PageAsync($"limit=100&continue={Token(first)}");
        var again = await PageAsync($"limit=100&continue={Token(first)}");
        var third = await PageAsync($"limit=100&continue={Token(second)}");

        Assert.Equal(ItemsOf(before), ItemsOf(first, second, third));
        Assert.Equal(ItemsOf(second), ItemsOf(again));
        Assert.Equal([200, 100, null], new[] { first, second, third }.Select(page => (int?)page["metadata"]!["remainingItemCount"]));
        Assert.Single(new[] { first, second, third }.Select(page => (string)page["metadata"]!["resourceVersion"]!).Distinct());
        Assert.Equal(550, ItemsOf(await PageAsync("")).Count);

        await server.CompactAsync();
        var expired = await server.KubectlAsync("get", "--raw", $"/api/v1/pods?limit=100&continue={Token(first)}");
        Assert.Contains("The provided continue parameter is too old", expired.Errors, StringComparison.Ordinal);

        async Task<JsonNode> PageAsync(string query) => JsonNode.Parse((await server.KubectlAsync("get", "--raw", $"/api/v1/pods?{query}")).Required)!;
        static string Token(JsonNode page) => (string)page["metadata"]!["continue"]!;
        static IReadOnlyList<string> ItemsOf(params JsonNode[] pages) =>
            [.. pages.SelectMany(page => page["items"]!.AsArray()).Select(it => it!.ToJsonString())];
    }

    [Fact]
    public async Task The_objects_of_a_large_cluster_are_loaded_listed_and_watched_in_seconds()
    {
        var count = Soak ? 100_000 : 20_000;
        const int Changes = 10_000;
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var pods = new Resource("", "v1", "pods", Namespaced: true);

        var watch = Stopwatch.StartNew();
        await server.LoadAsync(ClusterObjects.Of("Pod", count));
        Note("load");
        Assert.Equal(count, await CountAsync(client, pods));
        Note("list");
        var version = (await client.ListAsync(pods, new Selection("default"), Cancel).FirstAsync(Cancel)).ResourceVersion;
        var watches = Enumerable.Range(0, 5)
            .Select(_ => client.WatchAsync(pods, Selection.All, version, Cancel).OfType<WatchEvent.Seen>().Take(Changes).CountAsync(Cancel).AsTask())
            .ToList();
        await server.LoadAsync(ClusterObjects.Of("Pod", Changes, revision: 1));
        Assert.All(await Task.WhenAll(watches), seen => Assert.Equal(Changes, seen));
        Note("five watches of 10,000 changes");
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), watch.Elapsed.ToString());

        void Note(string what) => TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{count} objects, {what}: after {watch.Elapsed.TotalSeconds:0.0} s"));
    }

    private static ValueTask<int> CountAsync(KubernetesApi client, Resource kind) =>
        client.ListAsync(kind, Selection.All, Cancel).SelectMany(page => page.Items).CountAsync(Cancel);

    private static string UidOf(string text) => (string)JsonNode.Parse(text)!["metadata"]!["uid"]!;

    private static string[] Names(KubectlResult result) =>
        result.Required.Replace("namespace/", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
