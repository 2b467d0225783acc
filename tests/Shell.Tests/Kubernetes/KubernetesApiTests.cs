using System.Diagnostics;
using System.Text;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Transport;
using static Kollect.Shell.Tests.Kubernetes.Clients;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>The client against a stand-in API server; kubectl checks that server in the same run.</summary>
public sealed class KubernetesApiTests
{
    private static readonly Resource Sinks = new("kollect.dev", "v1alpha1", "kollectdatabasesinks", Namespaced: true);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_are_created_read_replaced_and_patched()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await client.CreateAsync("one", "first");
        var created = await client.GetAsync(ConfigMaps, Named("one"), Cancel);
        Assert.Equal("first", Field(created, "data.it"));

        var replaced = await client.ReplaceAsync(ConfigMaps, Named("one"), ConfigMap("one", "second", Field(created, "metadata.resourceVersion")!), Cancel);
        Assert.Equal("second", Field(replaced, "data.it"));
        var patched = await client.MergePatchAsync(ConfigMaps, Named("one"), null, """{"metadata":{"annotations":{"a":"b"}}}"""u8.ToArray(), Cancel);
        Assert.Equal("b", Field(patched, "metadata.annotations.a"));
        var applied = await client.ApplyAsync(ConfigMaps, Named("two"), null, ConfigMap("two", "applied"), Cancel);
        Assert.Equal("kollect", (string?)System.Text.Json.Nodes.JsonNode.Parse(applied)!["metadata"]!["managedFields"]![0]!["manager"]);

        Assert.Null(await client.GetAsync(ConfigMaps, Named("three"), Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../configmaps")]
    [InlineData("one?watch=true")]
    [InlineData("one/status")]
    [InlineData("%2e%2e")]
    public async Task A_name_addresses_only_an_object_of_that_name(string name)
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await client.CreateAsync("one");
        Assert.Null(await client.GetAsync(ConfigMaps, Named(name), Cancel));
        Assert.Null(await client.GetAsync(ConfigMaps, new ObjectName(name.Length == 0 ? ".." : name, "one"), Cancel));
    }

    [Fact]
    public async Task A_long_list_comes_in_pages_and_its_items_have_apiVersion_and_kind()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_203), Cancel, async (i, _) => await client.CreateAsync($"it-{i:0000}", new string('x', 500)));

        var pages = await client.ListAsync(ConfigMaps, new Selection("default"), Cancel).ToListAsync(Cancel);
        Assert.Equal([500, 500, 203], pages.Select(page => page.Items.Count));
        Assert.Single(pages.Select(page => page.ResourceVersion).Distinct());
        var items = pages.SelectMany(page => page.Items).ToArray();
        Assert.Equal(1_203, items.Select(item => Field(item, "metadata.name")).Distinct().Count());
        Assert.All(items, item => Assert.Equal("v1 ConfigMap", $"{Field(item, "apiVersion")} {Field(item, "kind")}"));
        Assert.Equal(items[7], await FirstAsync(client, new Selection("default", FieldSelector: "metadata.name=it-0007")));
    }

    [Fact]
    public async Task A_refusal_has_the_message_of_the_server()
    {
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { EnforceRbac = true });
        using var client = server.Client();
        await server.AddTokenAsync("token-without-rights", "nobody");
        using var unprivileged = server.Client("token-without-rights");
        using var stranger = server.Client("token-of-a-stranger");
        await client.CreateAsync("one");

        var lines = new StringBuilder();
        await NoteAsync("create again", () => client.CreateAsync("one"));
        await NoteAsync("replace an old version", () => client.ReplaceAsync(ConfigMaps, Named("one"), ConfigMap("one", "x", "1"), Cancel));
        await NoteAsync("replace what is not there", () => client.ReplaceAsync(ConfigMaps, Named("two"), ConfigMap("two", "x", "1"), Cancel));
        var invalid = """{"apiVersion":"kollect.dev/v1alpha1","kind":"KollectDatabaseSink","metadata":{"name":"it"},"spec":{"type":"oracle"}}"""u8.ToArray();
        await NoteAsync("an invalid sink", () => client.CreateAsync(Sinks, "default", invalid, Cancel));
        await NoteAsync("without the right to", () => unprivileged.GetAsync(ConfigMaps, Named("one"), Cancel));
        await NoteAsync("with a token of nobody", () => stranger.GetAsync(ConfigMaps, Named("one"), Cancel));
        Golden.Verify(lines.ToString(), "kubernetes/refusals.txt");

        async Task NoteAsync(string what, Func<Task> ask)
        {
            var refusal = await Assert.ThrowsAsync<ApiException>(ask);
            lines.Append(what).Append('\n').Append("  ").Append(refusal.Kind).Append(": ").Append(refusal.Message).Append('\n');
        }
    }

    [Theory]
    [InlineData("\"answer\":{\"status\":500}")]
    [InlineData("\"answer\":{\"status\":503}")]
    [InlineData("\"answer\":{\"status\":429}")]
    [InlineData("\"drop\":true")]
    public async Task A_short_fault_is_not_reported(string fault)
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client(time: new HurriedTime(20));
        await server.FailAsync($$"""{"times":3,{{fault}}}""");
        await client.CreateAsync("one");
        Assert.NotNull(await client.GetAsync(ConfigMaps, Named("one"), Cancel));
    }

    [Fact]
    public async Task A_lasting_fault_is_reported_after_five_attempts()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client(time: new HurriedTime(20));
        await server.FailAsync("""{"times":5,"answer":{"status":503}}""");
        var failure = await Assert.ThrowsAsync<ApiException>(() => client.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal((ApiError.Unavailable, 503), (failure.Kind, failure.Status));
        Assert.Null(await client.GetAsync(ConfigMaps, Named("one"), Cancel));
    }

    [Fact]
    public async Task A_retry_waits_as_long_as_the_server_asks_for()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await server.FailAsync("""{"times":1,"answer":{"status":429,"retryAfter":2}}""");
        var asked = Stopwatch.GetTimestamp();
        Assert.Null(await client.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_to_a_silent_server_times_out(bool watch)
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client(time: new HurriedTime(30));
        await server.FailAsync("""{"times":9,"hang":600000}""");
        var failure = await Assert.ThrowsAsync<ApiException>(() => watch
            ? client.WatchAsync(ConfigMaps, Selection.All, "1", Cancel).ToListAsync(Cancel).AsTask()
            : client.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal("the API server did not answer within 30 s", failure.Message);
    }

    [Fact]
    public async Task A_watch_reports_changes_and_bookmarks()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await client.CreateAsync("before");
        var version = (await client.ListAsync(ConfigMaps, Selection.All, Cancel).FirstAsync(Cancel)).ResourceVersion;
        await client.CreateAsync("one", "first");
        await client.MergePatchAsync(ConfigMaps, Named("one"), null, """{"data":{"it":"second"}}"""u8.ToArray(), Cancel);
        await server.KubectlAsync("delete", "configmap", "one");

        var events = await client.WatchAsync(ConfigMaps, new Selection("default"), version, Cancel).Take(4).ToListAsync(Cancel);
        Assert.Equal(
            ["Seen first", "Seen second", "Deleted second", "Bookmark"],
            events.Select(it => it switch
            {
                WatchEvent.Seen seen => $"Seen {Field(seen.Object, "data.it")}",
                WatchEvent.Deleted deleted => $"Deleted {Field(deleted.Object, "data.it")}",
                _ => it.GetType().Name,
            }));
        Assert.True(Number(((WatchEvent.Bookmark)events[3]).ResourceVersion) > Number(version));

        static long Number(string version) => long.Parse(version, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_watch_from_a_version_that_is_too_old_is_gone()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await server.CompactAsync();
        var failure = await Assert.ThrowsAsync<ApiException>(
            () => client.WatchAsync(ConfigMaps, Selection.All, "1", Cancel).ToListAsync(Cancel).AsTask());
        Assert.Equal(ApiError.Gone, failure.Kind);
    }

    [Fact]
    public async Task Discovery_lists_the_kinds_of_a_group_and_none_of_an_unserved_one()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var sinks = Assert.Single(await client.DiscoverAsync("kollect.dev", "v1alpha1", Cancel), kind => kind.Kind == "KollectDatabaseSink");
        Assert.Equal(Sinks, sinks.Resource);
        Assert.Contains("watch", sinks.Verbs);
        Assert.Contains(await client.DiscoverAsync("", "v1", Cancel), kind => kind.Resource == ConfigMaps);
        Assert.Empty(await client.DiscoverAsync("no.such.group", "v1", Cancel));
    }

    private static async Task<byte[]> FirstAsync(KubernetesApi client, Selection selection) =>
        Assert.Single((await client.ListAsync(ConfigMaps, selection, Cancel).FirstAsync(Cancel)).Items);
}
