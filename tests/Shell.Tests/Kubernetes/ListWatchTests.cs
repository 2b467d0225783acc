using System.Diagnostics;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using static Kollect.Shell.Tests.Kubernetes.Clients;
using static Kollect.Shell.Tests.Kubernetes.ScriptedApi;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>The changes reported for a kind of object, with and without failures of the connection.</summary>
public sealed class ListWatchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_is_followed_by_watches_that_resume_where_the_last_one_ended()
    {
        var api = new ScriptedApi(List("5", "a/1/3", "b/2/4", "c/3/5"), Watch(["a/1/6"]), Watch(deleted: ["b/2/7"]), Watch(bookmark: "9"), Watch(["d/4/10"]));
        Assert.Equal(["seen a", "seen b", "seen c", "listed 5", "seen a", "gone b/2", "seen d"], await ChangesAsync(api, 7));
        Assert.Equal(["list", "watch 5", "watch 6", "watch 7", "watch 9"], api.Asked);
    }

    [Fact]
    public async Task After_410_a_list_also_reports_deleted_and_replaced_objects()
    {
        var api = new ScriptedApi(List("5", "a/1/3", "b/2/4", "c/3/5"), Fails(ApiError.Gone), List("20", "a/1/3", "b/9/18"), Watch(["e/5/21"]));
        Assert.Equal(
            ["seen a", "seen b", "seen c", "listed 5", "seen a", "gone b/2", "seen b", "gone c/3", "listed 20", "seen e"],
            await ChangesAsync(api, 10));
        Assert.Equal(["list", "watch 5", "list", "watch 20"], api.Asked);
    }

    [Fact]
    public async Task An_interrupted_list_reports_no_deletions()
    {
        var api = new ScriptedApi(List("5", "a/1/3", "b/2/4"), Fails(ApiError.Gone), Fails(ApiError.Unavailable, seen: ["a/1/3"]), List("7", "a/1/3"));
        Assert.Equal(
            ["seen a", "seen b", "listed 5", "seen a", "interrupted Unavailable", "seen a", "gone b/2", "listed 7"],
            await ChangesAsync(api, 8));
    }

    [Fact]
    public async Task A_broken_watch_is_reported_and_resumed_and_the_first_bookmark_confirms_that_nothing_was_missed()
    {
        var api = new ScriptedApi(
            List("5"),
            Watch(bookmark: "6"),
            Fails(ApiError.Unavailable),
            Fails(ApiError.TooManyRequests),
            Watch(bookmark: "8"),
            Watch(bookmark: "9"),
            Watch(["a/1/10"]));
        Assert.Equal(["listed 5", "interrupted Unavailable", "interrupted TooManyRequests", "listed 8", "seen a"], await ChangesAsync(api, 5));
        Assert.Equal(["list", "watch 5", "watch 6", "watch 6", "watch 6", "watch 8", "watch 9"], api.Asked);
    }

    [Fact]
    public async Task A_version_that_the_server_never_accepts_is_replaced_by_a_list()
    {
        // As after etcd was restored from a backup: the version lies in the future, and the server answers 504 until it reaches it.
        var api = new ScriptedApi([List("900", "a/1/3"), .. Enumerable.Repeat(Fails(ApiError.Unavailable), 8), List("100"), Watch(["b/2/101"])]);
        var changes = await ChangesAsync(api, 13, new HurriedTime(100));
        Assert.Equal(["gone a/1", "listed 100", "seen b"], changes[^3..]);
        Assert.Equal("watch 100", api.Asked[^1]);
    }

    [Fact]
    public async Task A_server_that_answers_410_to_every_watch_is_not_flooded_with_requests()
    {
        var always = Enumerable.Range(0, 1_000).SelectMany(_ => new[] { List("5"), Fails(ApiError.Gone) });
        await AssertFewRequestsAsync(new ScriptedApi(always));
    }

    /// <summary>After an outage of minutes the first watch that was closed waited for half a minute.</summary>
    [Fact]
    public async Task A_good_list_resets_the_back_off_of_watches()
    {
        var api = new ScriptedApi(
            [.. Enumerable.Repeat(Fails(ApiError.Unavailable), 12), List("5", "a/1/3"), Fails(ApiError.Unavailable), Watch(["b/2/6"])]);
        var clock = new SkippedTime();
        await Follow(api, clock, Cancel).FirstAsync(it => it is Change.Seen { Name.Name: "b" }, Cancel);
        Assert.Equal(13, clock.Waits.Count);
        Assert.InRange(clock.Waits[11], TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
        Assert.InRange(clock.Waits[12], TimeSpan.Zero, TimeSpan.FromSeconds(0.2));
    }

    [Fact]
    public async Task A_proxy_that_closes_every_watch_at_once_is_not_flooded_with_requests() =>
        await AssertFewRequestsAsync(new ScriptedApi([List("5"), .. Enumerable.Repeat(Watch(), 1_000)]));

    [Fact]
    public async Task No_change_is_missed_while_the_server_drops_watches_restarts_and_compacts()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var known = new Dictionary<string, string>();
        var changes = ListWatch.FollowAsync(
            client, ConfigMaps, new Selection("default"), new KollectMetrics(), TimeProvider.System, NullLogger.Instance, stop.Token);
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

    /// <summary>A few requests within two seconds, not hundreds.</summary>
    private static async Task AssertFewRequestsAsync(ScriptedApi api)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        stop.CancelAfter(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Follow(api, TimeProvider.System, stop.Token).ToListAsync(CancellationToken.None).AsTask());
        Assert.InRange(api.Asked.Length, 3, 16);
    }

    private static async Task<string[]> ChangesAsync(ScriptedApi api, int changes, TimeProvider? time = null) =>
        await Follow(api, time ?? TimeProvider.System, Cancel).Take(changes).Select(change => change switch
        {
            Change.Seen seen => $"seen {Field(seen.Object, "metadata.name")}",
            Change.Gone gone => $"gone {gone.Name.Name}/{gone.Uid}",
            Change.Listed listed => $"listed {listed.ResourceVersion}",
            Change.Interrupted interrupted => $"interrupted {interrupted.Why.Kind}",
            _ => throw new UnreachableException(),
        }).ToArrayAsync(Cancel);

    private static IAsyncEnumerable<Change> Follow(IKubernetesApi api, TimeProvider time, CancellationToken cancel) =>
        ListWatch.FollowAsync(api, ConfigMaps, Selection.All, new KollectMetrics(), time, NullLogger.Instance, cancel);

    /// <summary>A clock whose waits are over at once, and are noted.</summary>
    private sealed class SkippedTime : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
