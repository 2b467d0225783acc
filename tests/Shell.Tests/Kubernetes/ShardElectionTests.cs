using System.Diagnostics;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Processes that share shards by the Leases of a stand-in API server.</summary>
public sealed class ShardElectionTests
{
    private static readonly TimeSpan Lease = Contender.Times.LeaseDuration;
    private static readonly TimeSpan Look = Contender.Times.RetryPeriod;

    [Fact]
    public async Task Each_process_that_starts_gets_its_share_and_then_nothing_moves()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var work = new SharedWork();
        await using var alpha = new Sharer(client, work, "alpha", 5);
        await work.HoldsAsync("alpha:5");
        await using var beta = new Sharer(client, work, "beta", 5);
        await work.HoldsAsync("alpha:3 beta:2");
        await using var gamma = new Sharer(client, work, "gamma", 5);
        await Eventually.HoldsAsync(() => Task.FromResult(
            work.Holders is "alpha:2 beta:2 gamma:1" or "alpha:2 beta:1 gamma:2" or "alpha:1 beta:2 gamma:2"));

        var (terms, renewed) = (work.Terms, await RenewedAsync(server, "election-0-of-5"));
        for (var i = 0; i < 5; i++)
        {
            var before = renewed;
            await Eventually.HoldsAsync(async () => (renewed = await RenewedAsync(server, "election-0-of-5")) != before);
        }

        Assert.Equal(terms, work.Terms);
        Assert.Empty(work.Overlaps);
    }

    [Theory]
    [InlineData("\"drop\":true")]
    [InlineData("\"hang\":600000")]
    public async Task The_shards_of_a_process_that_cannot_reach_the_server_move_within_a_Lease_and_after_its_work_has_ended(string fault)
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("token-of-alpha", "alpha", "system:masters");
        using var clientOfAlpha = server.Client("token-of-alpha");
        using var client = server.Client();
        var work = new SharedWork();
        await using var alpha = new Sharer(clientOfAlpha, work, "alpha", 4);
        await using var beta = new Sharer(client, work, "beta", 4);
        await work.HoldsAsync("alpha:2 beta:2");

        var silent = Stopwatch.GetTimestamp();
        await server.FailAsync($$$"""{"match":{"user":"alpha"},"times":1000,{{{fault}}}}""");
        await work.HoldsAsync("beta:4");
        Assert.InRange(Stopwatch.GetElapsedTime(silent), Lease - Look, Lease + 4 * Look);
        await server.ClearFaultsAsync();
        await work.HoldsAsync("alpha:2 beta:2");
        Assert.Empty(work.Overlaps);
    }

    [Fact]
    public async Task A_shard_is_given_away_only_after_its_work_has_ended()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var work = new SharedWork { TimeToEnd = Lease + 2 * Look };
        await using var alpha = new Sharer(client, work, "alpha", 2);
        await work.HoldsAsync("alpha:2");
        var began = Stopwatch.GetTimestamp();
        await using var beta = new Sharer(client, work, "beta", 2);
        await work.HoldsAsync("alpha:1 beta:1");
        Assert.True(Stopwatch.GetElapsedTime(began) > work.TimeToEnd);
        Assert.Empty(work.Overlaps);
        work.TimeToEnd = TimeSpan.Zero;
    }

    [Fact]
    public async Task A_stopping_process_releases_all_its_shards_at_once()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var work = new SharedWork();
        await using var alpha = new Sharer(client, work, "alpha", 3);
        await work.HoldsAsync("alpha:3");
        await using var beta = new Sharer(client, work, "beta", 3);
        await work.HoldsAsync("alpha:2 beta:1");
        var stopped = Stopwatch.GetTimestamp();
        await alpha.StopAsync();
        await work.HoldsAsync("beta:3");
        Assert.InRange(Stopwatch.GetElapsedTime(stopped), TimeSpan.Zero, Lease / 2);
        Assert.Empty(work.Overlaps);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    public async Task A_process_with_another_number_of_shards_waits_until_the_last_one_with_the_old_number_has_stopped(int old, int @new)
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var work = new SharedWork();
        await using var alpha = new Sharer(client, work, "alpha", old);
        await work.HoldsAsync($"alpha:{old}");
        await using var beta = new Sharer(client, work, "beta", @new);
        await Eventually.HoldsAsync(() => Task.FromResult(beta.Log.Any(line => line.Contains("--shards", StringComparison.Ordinal))));
        Assert.Equal($"alpha:{old}", work.Holders);
        Assert.Contains(
            beta.Log, line => line.Contains($"is held by a replica with --shards {old}, and this one has --shards {@new}", StringComparison.Ordinal));

        await alpha.StopAsync();
        await work.HoldsAsync($"beta:{@new}");
        Assert.Empty(work.Overlaps);
    }

    [Fact]
    public async Task Processes_with_different_numbers_of_shards_that_start_together_never_work_at_once()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        for (var round = 0; round < 4; round++)
        {
            var work = new SharedWork();
            await using var two = new Sharer(client, work, "two", 2);
            await using var three = new Sharer(client, work, "three", 3);
            await Eventually.HoldsAsync(() => Task.FromResult(work.Holders is "two:2" or "three:3"));
            Assert.Empty(work.Overlaps);
        }
    }

    [Fact]
    public async Task A_Lease_that_was_given_to_a_process_that_is_gone_is_taken_after_it_has_expired()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var work = new SharedWork();
        await server.ApplyAsync(
            """
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: election-1-of-2, namespace: default, annotations: {kollect.dev/requested-by: nobody} }
            spec: {holderIdentity: gone, leaseDurationSeconds: 2, renewTime: "2020-01-01T00:00:00.000000Z"}
            """);
        await using var alpha = new Sharer(client, work, "alpha", 2);
        await work.HoldsAsync("alpha:2");
        Assert.Empty(work.Overlaps);
        Assert.Null((await server.GetAsync("lease", "election-1-of-2"))["metadata"]!["annotations"]!["kollect.dev/requested-by"]);
    }

    private static async Task<string> RenewedAsync(KubernetesServer server, string lease) =>
        (await server.KubectlAsync("get", "lease", lease, "-o", "jsonpath={.spec.renewTime}")).Required;
}
