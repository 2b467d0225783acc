using System.Diagnostics;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Processes that share shards by the Leases of a stand-in API server.</summary>
[Collection("the thread pool: floods of requests, and terms of seconds that a late timer ends")]
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

    /// <summary>Only changes that a process has observed itself count, never the times in a Lease.</summary>
    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task A_process_whose_clock_is_wrong_takes_no_shard_from_one_that_works(int hours)
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("token-of-beta", "beta", "system:masters");
        using var client = server.Client();
        using var clientOfBeta = server.Client("token-of-beta");
        var work = new SharedWork();
        await using var alpha = new Sharer(client, work, "alpha", 2);
        await work.HoldsAsync("alpha:2");
        await using var beta = new Sharer(clientOfBeta, work, "beta", 2, new SkewedTime(TimeSpan.FromHours(hours)));
        await work.HoldsAsync("alpha:1 beta:1");
        var terms = work.Terms;
        await LooksAsync(server, "beta", (int)(Lease / Look) + 2);
        Assert.Equal((terms, "alpha:1 beta:1"), (work.Terms, work.Holders));
        await alpha.StopAsync();
        await work.HoldsAsync("beta:2");
        Assert.Empty(work.Overlaps);
    }

    [Fact]
    public async Task A_deleted_Lease_stays_with_its_holder_which_creates_it_again()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("token-of-alpha", "alpha", "system:masters");
        await server.AddTokenAsync("token-of-beta", "beta", "system:masters");
        using var clientOfAlpha = server.Client("token-of-alpha");
        using var clientOfBeta = server.Client("token-of-beta");
        var work = new SharedWork();
        await using var alpha = new Sharer(clientOfAlpha, work, "alpha", 2);
        await using var beta = new Sharer(clientOfBeta, work, "beta", 2);
        await work.HoldsAsync("alpha:1 beta:1");
        await LooksAsync(server, "beta", 2); // one that has never seen the Lease takes it

        // The other one looks at it twice before its holder may write.
        await server.FailAsync("""{"match":{"user":"alpha"},"times":1000,"drop":true}""");
        Assert.Equal(0, (await server.KubectlAsync("delete", "lease", "election-0-of-2", "election-1-of-2")).ExitCode);
        await LooksAsync(server, "beta", 2);
        await server.ClearFaultsAsync();
        await Eventually.HoldsAsync(async () => (await server.KubectlAsync("get", "lease", "election-0-of-2", "election-1-of-2")).ExitCode == 0);
        await work.HoldsAsync("alpha:1 beta:1");
        Assert.Empty(work.Overlaps);
    }

    [Fact]
    public async Task A_Lease_that_somebody_took_or_damaged_stops_its_shard_alone_until_it_is_deleted()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var work = new SharedWork();
        await using var alpha = new Sharer(client, work, "alpha", 3);
        await work.HoldsAsync("alpha:3");
        await server.KubectlAsync(
            "patch", "lease", "election-1-of-3", "--type=merge", "-p", """{"spec":{"holderIdentity":"somebody","leaseDurationSeconds":3600}}""");
        await work.HoldsAsync("alpha:2");
        Assert.Equal(0, (await server.KubectlAsync("delete", "lease", "election-1-of-3")).ExitCode);
        await work.HoldsAsync("alpha:3");

        await server.LoadAsync(
            ["""{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"election-1-of-3","namespace":"default"},"spec":[]}"""]);
        await work.HoldsAsync("alpha:2");
        await using var beta = new Sharer(client, work, "beta", 3);
        await work.HoldsAsync("alpha:1 beta:1");
        const string Damaged = "No replica can take the shard of the Lease default/election-1-of-3, and its inventories are not exported: "
            + "the Lease of the leader election is damaged; delete it";
        Assert.Single(beta.Log, Damaged);
        Assert.Equal(0, (await server.KubectlAsync("delete", "lease", "election-1-of-3")).ExitCode);
        await Eventually.HoldsAsync(() => Task.FromResult(work.Holders is "alpha:2 beta:1" or "alpha:1 beta:2"));
        Assert.Empty(work.Overlaps);
    }

    [Fact]
    public async Task All_stop_before_their_Leases_end_when_the_API_server_is_away_and_share_again_after_that()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var work = new SharedWork();
        await using var alpha = new Sharer(client, work, "alpha", 4);
        await using var beta = new Sharer(client, work, "beta", 4);
        await work.HoldsAsync("alpha:2 beta:2");
        var away = Stopwatch.GetTimestamp();
        await server.OutageAsync(2 * Lease);
        await work.HoldsAsync("");
        Assert.InRange(Stopwatch.GetElapsedTime(away), TimeSpan.Zero, Lease);
        await work.HoldsAsync("alpha:2 beta:2");
        Assert.Empty(work.Overlaps);
    }

    /// <summary>Waits until a user has listed the Leases this often, refused or not.</summary>
    private static async Task LooksAsync(KubernetesServer server, string user, int times)
    {
        await server.ResetRequestsAsync();
        await Eventually.HoldsAsync(async () => (await server.RequestsAsync()).Counts.GetValueOrDefault($"{user} list leases.coordination.k8s.io") >= times);
    }

    private static async Task<string> RenewedAsync(KubernetesServer server, string lease) =>
        (await server.KubectlAsync("get", "lease", lease, "-o", "jsonpath={.spec.renewTime}")).Required;
}
