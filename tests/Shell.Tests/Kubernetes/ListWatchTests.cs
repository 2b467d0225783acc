using System.Diagnostics;
using Kollect.Shell.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;
using static Kollect.Shell.Tests.Kubernetes.Clients;
using static Kollect.Shell.Tests.Kubernetes.ScriptedApi;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>What following a kind of object tells, whatever happens to the connection.</summary>
public sealed class ListWatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_is_followed_by_watches_that_go_on_where_the_last_one_ended()
    {
        var api = new ScriptedApi(List("5", "a/1/3", "b/2/4", "c/3/5"), Watch(["a/1/6"]), Watch(deleted: ["b/2/7"]), Watch(bookmark: "9"), Watch(["d/4/10"]));
        Assert.Equal(["seen a", "seen b", "seen c", "listed 5", "seen a", "gone b/2", "seen d"], await ToldAsync(api, 7));
        Assert.Equal(["list", "watch 5", "watch 6", "watch 7", "watch 9"], api.Asked);
    }

    [Fact]
    public async Task After_410_a_list_tells_also_who_has_gone_and_who_was_replaced()
    {
        var api = new ScriptedApi(List("5", "a/1/3", "b/2/4", "c/3/5"), Fails(ApiError.Gone), List("20", "a/1/3", "b/9/18"), Watch(["e/5/21"]));
        Assert.Equal(
            ["seen a", "seen b", "seen c", "listed 5", "seen a", "gone b/2", "seen b", "gone c/3", "listed 20", "seen e"],
            await ToldAsync(api, 10));
        Assert.Equal(["list", "watch 5", "list", "watch 20"], api.Asked);
    }

    [Fact]
    public async Task A_list_that_broke_off_takes_nobody_for_gone()
    {
        var api = new ScriptedApi(List("5", "a/1/3", "b/2/4"), Fails(ApiError.Gone), Fails(ApiError.Unavailable, seen: ["a/1/3"]), List("7", "a/1/3"));
        Assert.Equal(
            ["seen a", "seen b", "listed 5", "seen a", "interrupted Unavailable", "seen a", "gone b/2", "listed 7"],
            await ToldAsync(api, 8));
    }

    [Fact]
    public async Task A_watch_that_breaks_is_told_and_resumed_and_the_first_bookmark_says_that_nothing_was_missed()
    {
        var api = new ScriptedApi(List("5"), Watch(bookmark: "6"), Fails(ApiError.Unavailable), Fails(ApiError.TooManyRequests), Watch(bookmark: "8"), Watch(bookmark: "9"), Watch(["a/1/10"]));
        Assert.Equal(["listed 5", "interrupted Unavailable", "interrupted TooManyRequests", "listed 8", "seen a"], await ToldAsync(api, 5));
        Assert.Equal(["list", "watch 5", "watch 6", "watch 6", "watch 6", "watch 8", "watch 9"], api.Asked);
    }

    [Fact]
    public async Task A_version_that_the_server_never_takes_is_given_up_for_a_list()
    {
        // As after etcd was restored from a backup: the version lies in the future, and the server answers 504 until it gets there.
        var api = new ScriptedApi([List("900", "a/1/3"), .. Enumerable.Repeat(Fails(ApiError.Unavailable), 8), List("100"), Watch(["b/2/101"])]);
        var told = await ToldAsync(api, 13, new HurriedTime(100));
        Assert.Equal(["gone a/1", "listed 100", "seen b"], told[^3..]);
        Assert.Equal("watch 100", api.Asked[^1]);
    }

    [Fact]
    public async Task A_server_that_answers_410_to_every_watch_is_not_asked_all_the_time()
    {
        var always = Enumerable.Range(0, 1_000).SelectMany(_ => new[] { List("5"), Fails(ApiError.Gone) });
        await AssertPatientAsync(new ScriptedApi(always));
    }

    [Fact]
    public async Task A_proxy_that_closes_every_watch_at_once_is_not_asked_all_the_time() =>
        await AssertPatientAsync(new ScriptedApi([List("5"), .. Enumerable.Repeat(Watch(), 1_000)]));

    [Fact]
    public async Task Nothing_is_missed_and_nobody_forgotten_while_the_server_drops_restarts_and_forgets()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var known = new Dictionary<string, string>();
        var changes = ListWatch.FollowAsync(client, ConfigMaps, new Selection("default"), TimeProvider.System, NullLogger.Instance, stop.Token);
        var following = FollowAsync();

        await client.CreateAsync("a", "1");
        await KnowsAsync("a=1");
        await server.DropWatchesAsync();
        await client.CreateAsync("b", "2");
        await KnowsAsync("a=1 b=2");

        await server.KubectlAsync("delete", "configmap", "a");
        await server.CompactAsync();
        await server.DropWatchesAsync();
        await client.CreateAsync("c", "3");
        await KnowsAsync("b=2 c=3");

        await server.FailAsync("""{"match":{"verb":"watch"},"times":2,"answer":{"status":429,"retryAfter":1}}""");
        await server.OutageAsync(TimeSpan.FromSeconds(1));
        await client.MergePatchAsync(ConfigMaps, Named("b"), null, """{"data":{"it":"4"}}"""u8.ToArray(), Cancel);
        await KnowsAsync("b=4 c=3");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);

        async Task FollowAsync()
        {
            await foreach (var change in changes)
                lock (known)
                    if (change is Change.Seen seen)
                        known[Field(seen.Object, "metadata.name")!] = Field(seen.Object, "data.it")!;
                    else if (change is Change.Gone gone)
                        known.Remove(gone.Name.Name);
        }

        Task KnowsAsync(string all) => Eventually.HoldsAsync(() =>
        {
            lock (known)
                return Task.FromResult(all == string.Join(' ', known.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key}={it.Value}")));
        });
    }

    /// <summary>Within two seconds a few questions, not hundreds.</summary>
    private static async Task AssertPatientAsync(ScriptedApi api)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        stop.CancelAfter(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Follow(api, TimeProvider.System, stop.Token).ToListAsync(CancellationToken.None).AsTask());
        Assert.InRange(api.Asked.Length, 3, 16);
    }

    private static async Task<string[]> ToldAsync(ScriptedApi api, int changes, TimeProvider? time = null) =>
        await Follow(api, time ?? TimeProvider.System, Cancel).Take(changes).Select(change => change switch
        {
            Change.Seen seen => $"seen {Field(seen.Object, "metadata.name")}",
            Change.Gone gone => $"gone {gone.Name.Name}/{gone.Uid}",
            Change.Listed listed => $"listed {listed.ResourceVersion}",
            Change.Interrupted interrupted => $"interrupted {interrupted.Why.Kind}",
            _ => throw new UnreachableException(),
        }).ToArrayAsync(Cancel);

    private static IAsyncEnumerable<Change> Follow(IKubernetesApi api, TimeProvider time, CancellationToken cancel) =>
        ListWatch.FollowAsync(api, ConfigMaps, Selection.All, time, NullLogger.Instance, cancel);
}
