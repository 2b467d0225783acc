using System.Diagnostics;
using Kollect.Operator.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Candidates that compete for one Lease of a stand-in API server.</summary>
[Collection("the thread pool: floods of requests, and terms of seconds that a late timer ends")]
public sealed class LeaderElectionTests
{
    [Fact]
    public async Task A_stopping_leader_releases_the_Lease_and_the_next_one_need_not_wait_for_its_expiry()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await using var alpha = new Contender(client, "alpha");
        await alpha.Elected;
        await using var beta = new Contender(client, "beta");
        Assert.Equal("alpha", await HolderAsync(server));

        var stopped = Stopwatch.GetTimestamp();
        await alpha.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(stopped, await beta.Elected), TimeSpan.Zero, Contender.Times.LeaseDuration / 2);
        Assert.True(alpha.Deposed.IsCompletedSuccessfully);
        Assert.False(alpha.IsLeader);
        Assert.True(beta.IsLeader);
        Assert.Equal("1", await FieldAsync(server, "leaseTransitions"));
    }

    [Theory]
    [InlineData("\"drop\":true")]
    [InlineData("\"hang\":600000")]
    [InlineData("\"answer\":{\"status\":500}")]
    public async Task A_leader_that_cannot_reach_the_server_stops_before_the_next_one_leads(string fault)
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("token-of-alpha", "alpha", "system:masters");
        using var clientOfAlpha = server.Client("token-of-alpha");
        using var clientOfBeta = server.Client();
        await using var alpha = new Contender(clientOfAlpha, "alpha");
        await alpha.Elected;
        await using var beta = new Contender(clientOfBeta, "beta");

        var silent = Stopwatch.GetTimestamp();
        await server.FailAsync($$$"""{"match":{"user":"alpha"},"times":1000,{{{fault}}}}""");
        var (deposed, elected) = (await alpha.Deposed, await beta.Elected);

        Assert.True(deposed < elected);
        Assert.InRange(
            Stopwatch.GetElapsedTime(silent, elected),
            Contender.Times.LeaseDuration - Contender.Times.RetryPeriod,
            Contender.Times.LeaseDuration + 4 * Contender.Times.RetryPeriod);
        await server.ClearFaultsAsync();
    }

    [Fact]
    public async Task Faults_that_are_shorter_than_the_deadline_do_not_end_the_term()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("token-of-alpha", "alpha", "system:masters");
        using var client = server.Client("token-of-alpha");
        await using var alpha = new Contender(client, "alpha");
        await alpha.Elected;

        await server.FailAsync("""{"match":{"user":"alpha"},"times":1,"answer":{"status":503}}""");
        await server.FailAsync("""{"match":{"user":"alpha"},"times":1,"drop":true}""");
        var renewed = await FieldAsync(server, "renewTime");
        await Eventually.HoldsAsync(async () => await FieldAsync(server, "renewTime") != renewed);
        Assert.False(alpha.Deposed.IsCompleted);
    }

    [Fact]
    public async Task An_answer_after_the_deadline_does_not_make_a_leader()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var late = new LateAnswers(client, Contender.Times.LeaseDuration + TimeSpan.FromSeconds(1));
        await using var alpha = new Contender(late, "alpha");
        await late.Sent;

        // The server took alpha's request; beta waits for its end, and alpha's answer arrives after beta leads.
        await using var beta = new Contender(client, "beta");
        await beta.Elected;
        await late.Arrived;
        Assert.False(alpha.Elected.IsCompleted);
        Assert.True(beta.IsLeader);
    }

    [Fact]
    public async Task A_Lease_taken_by_another_holder_ends_the_term_and_a_deleted_one_does_not()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await using var alpha = new Contender(client, "alpha");
        await alpha.Elected;

        Assert.Equal(0, (await server.KubectlAsync("delete", "lease", "election")).ExitCode);
        await Eventually.HoldsAsync(async () => (await server.KubectlAsync("get", "lease", "election")).ExitCode == 0);
        Assert.False(alpha.Deposed.IsCompleted);

        await server.KubectlAsync("patch", "lease", "election", "--type=merge", "-p", """{"spec":{"holderIdentity":"somebody"}}""");
        await alpha.Deposed;
    }

    [Fact]
    public async Task A_standby_does_not_take_a_deleted_Lease_while_its_leader_may_work()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("token-of-alpha", "alpha", "system:masters");
        await server.AddTokenAsync("token-of-beta", "beta", "system:masters");
        using var clientOfAlpha = server.Client("token-of-alpha");
        using var clientOfBeta = server.Client("token-of-beta");
        await using var alpha = new Contender(clientOfAlpha, "alpha");
        await alpha.Elected;
        await using var beta = new Contender(clientOfBeta, "beta");
        await Eventually.HoldsAsync(async () => (await server.RequestsAsync()).Counts.ContainsKey("beta get leases.coordination.k8s.io"));

        await server.FailAsync("""{"match":{"user":"alpha"},"times":1000,"drop":true}""");
        Assert.Equal(0, (await server.KubectlAsync("delete", "lease", "election")).ExitCode);
        var (deposed, elected) = (await alpha.Deposed, await beta.Elected);
        Assert.True(deposed < elected);
        await server.ClearFaultsAsync();
    }

    [Fact]
    public async Task A_deleted_Lease_that_cannot_be_created_at_once_does_not_end_the_term()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("token-of-alpha", "alpha", "system:masters");
        using var client = server.Client("token-of-alpha");
        await using var alpha = new Contender(client, "alpha");
        await alpha.Elected;
        await server.FailAsync("""{"match":{"user":"alpha","method":"POST"},"times":2,"answer":{"status":403}}""");
        Assert.Equal(0, (await server.KubectlAsync("delete", "lease", "election")).ExitCode);
        await Eventually.HoldsAsync(async () => (await server.KubectlAsync("get", "lease", "election")).ExitCode == 0);
        Assert.False(alpha.Deposed.IsCompleted);
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task A_standby_whose_clock_is_wrong_waits_while_the_leader_works(int hours)
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("token-of-beta", "beta", "system:masters");
        using var client = server.Client();
        using var clientOfBeta = server.Client("token-of-beta");
        await using var alpha = new Contender(client, "alpha");
        await alpha.Elected;
        await using var beta = new Contender(clientOfBeta, "beta", new SkewedTime(TimeSpan.FromHours(hours)));
        var looks = (int)(Contender.Times.LeaseDuration / Contender.Times.RetryPeriod) + 2;
        await Eventually.HoldsAsync(async () => (await server.RequestsAsync()).Counts.GetValueOrDefault("beta get leases.coordination.k8s.io") >= looks);
        Assert.False(beta.Elected.IsCompleted || alpha.Deposed.IsCompleted);
        await alpha.StopAsync();
        await beta.Elected;
    }

    [Fact]
    public async Task Labels_of_other_writers_stay_in_the_Lease_and_do_not_extend_the_term_of_a_dead_holder()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await server.ApplyAsync(
            """
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: election, namespace: default, labels: {team: shop}}
            spec: {holderIdentity: nobody, leaseDurationSeconds: 2, renewTime: "2020-01-01T00:00:00.000000Z", leaseTransitions: 6}
            """);
        await using var alpha = new Contender(client, "alpha");
        for (var i = 0; !alpha.Elected.IsCompleted; i++)
            await server.KubectlAsync("annotate", "--overwrite", "lease", "election", $"attempt={i}");

        Assert.Equal("shop", (string?)(await server.GetAsync("lease", "election"))["metadata"]!["labels"]!["team"]);
        Assert.Equal("7", await FieldAsync(server, "leaseTransitions"));
    }

    [Fact]
    public async Task A_Lease_without_a_holder_is_taken_at_once()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        await server.ApplyAsync(
            """
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: election, namespace: default}
            spec: {holderIdentity: "", leaseDurationSeconds: 3600, renewTime: "2100-01-01T00:00:00.000000Z"}
            """);
        await using var alpha = new Contender(client, "alpha");
        await alpha.Elected;
        Assert.Equal("alpha", await HolderAsync(server));
    }

    [Fact]
    public async Task Failing_work_releases_the_Lease_and_throws()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.Client();
        var election = new LeaderElection(client, Contender.Times with { Identity = "alpha" }, TimeProvider.System, NullLogger<LeaderElection>.Instance);
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(
            () => election.RunAsync(_ => throw new TimeZoneNotFoundException(), TestContext.Current.CancellationToken));
        Assert.False(election.IsLeader);
        Assert.Equal("", await HolderAsync(server));
    }

    [Fact]
    public void Times_with_which_two_could_lead_are_refused()
    {
        var options = Contender.Times with { RenewDeadline = Contender.Times.LeaseDuration };
        Assert.Throws<ArgumentException>(() => new LeaderElection(null!, options, TimeProvider.System, NullLogger<LeaderElection>.Instance));
    }

    private static Task<string> HolderAsync(KubernetesServer server) => FieldAsync(server, "holderIdentity");

    private static async Task<string> FieldAsync(KubernetesServer server, string field) =>
        (await server.KubectlAsync("get", "lease", "election", "-o", $"jsonpath={{.spec.{field}}}")).Required;
}
