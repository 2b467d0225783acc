using System.Diagnostics;
using System.Globalization;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Two replicas: one leads, the other takes over.</summary>
public sealed class ReplicaTests
{
    [Fact]
    public async Task A_standby_takes_over_from_a_killed_leader_without_a_second_writer()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        using var first = await OperatorAccount.CreateAsync(server, "first");
        using var second = await OperatorAccount.CreateAsync(server, "second");
        await using var leader = await OperatorProgram.StartAsync(first.Kubeconfig);
        await server.ApplyAsync(Secret(database.Url()) + PostgresSink("before"));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "before", 20);
        await using var standby = await OperatorProgram.StartAsync(second.Kubeconfig);
        Assert.DoesNotContain(await server.WritesAsync(), write => write.User == "second");

        await server.ResetRequestsAsync();
        var watch = Stopwatch.StartNew();
        leader.Kill();
        await server.ApplyAsync(PostgresSink("meanwhile"));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "meanwhile", 40);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"taken over {watch.Elapsed.TotalSeconds:0.0} s after the leader was killed"));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)); // the Lease ends 15 s after its last renewal
        var writes = await server.WritesAsync();
        Assert.All(
            writes.Where(write => write.Resource.StartsWith("kollectdatabasesinks", StringComparison.Ordinal) && write.User != "admin"),
            write => Assert.Equal("second", write.User));
        Assert.DoesNotContain(writes, write => write.Name == "before" && write.User != "admin");

        // A leader that is stopped releases the Lease.
        await using var third = await OperatorProgram.StartAsync(first.Kubeconfig);
        var handover = Stopwatch.StartNew();
        await standby.StopAsync();
        await server.ApplyAsync(PostgresSink("after"));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "after", 20);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"handed over within {handover.Elapsed.TotalSeconds:0.0} s"));
        Assert.InRange(handover.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task A_suspended_leader_writes_nothing_after_it_resumes()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync();
        using var first = await OperatorAccount.CreateAsync(server, "first");
        using var second = await OperatorAccount.CreateAsync(server, "second");
        await using var leader = await OperatorProgram.StartAsync(first.Kubeconfig);
        await server.ApplyAsync(Secret(database.Url()) + PostgresSink("before"));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "before", 20);
        await using var standby = await OperatorProgram.StartAsync(second.Kubeconfig, 0, "--secret-interval", "2s");

        await leader.SignalAsync("STOP");
        await server.ApplyAsync(PostgresSink("meanwhile"));
        await SinkControllerTests.WaitAsync(server, "ConnectionVerified", "meanwhile", 40);
        await server.ApplyAsync(Secret(database.Url("nobody", "wrong")));
        await SinkControllerTests.WaitAsync(server, "Ready=False", "before", 20);
        await server.ResetRequestsAsync();
        await leader.SignalAsync("CONT");
        // The resumed process reads the Lease again and again.
        await Eventually.HoldsAsync(async () => (await server.RequestsAsync()).Counts.GetValueOrDefault("first get leases.coordination.k8s.io") >= 3);
        Assert.DoesNotContain(await server.WritesAsync(), write => write.User == "first" && write is { Code: < 400 });
    }
}
