using Kollect.Core.Collection;
using Kollect.Core.Inventories;
using Kollect.Operator.Collection;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Kollect.Shell.Tests.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;

namespace Kollect.Shell.Tests.Collection;

public sealed class ReturningTargetTests
{
    private static readonly Inventory All = new Inventory.Namespaced("default", new InventorySettings("all", Empty, TimeSpan.Zero, IsSuspended: false));

    /// <summary>Between the end of its deletion and the plan to collect for it again there is a moment, which is longer here than elsewhere.</summary>
    [Fact]
    public async Task A_snapshot_without_a_target_that_has_returned_is_not_complete()
    {
        await using var server = await KubernetesServer.StartAsync();
        var returning = Target("more");
        await server.ApplyAsync(Profile() + Target() + returning + ConfigMap("one"));
        using var client = server.Client();
        using var metrics = new KollectMetrics();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var source = new KubernetesSource(
            client, new CollectionOptions("", new EventReporter("test", "default")), metrics, new HurriedTime(0.2), NullLoggerFactory.Instance);
        var run = source.RunAsync(static _ => { }, stop.Token);
        await GateAsync(source, it => it is SnapshotGate.Complete);
        Assert.Equal(2, source.Observe(All).Content.Count);
        await server.DeleteAsync("kollecttarget", "more");
        await GateAsync(source, it => it is SnapshotGate.Incomplete { Cause: IncompleteCause.Deleted });
        await server.ApplyAsync(returning);
        Assert.IsType<SnapshotGate.NotYet>(await GateAsync(source, it => it is not SnapshotGate.Incomplete));
        await GateAsync(source, it => it is SnapshotGate.Complete);
        Assert.Equal(2, source.Observe(All).Content.Count);
        await stop.CancelAsync();
        await run.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static async Task<SnapshotGate> GateAsync(KubernetesSource source, Func<SnapshotGate, bool> isWanted)
    {
        SnapshotGate? gate = null;
        await Eventually.HoldsAsync(() => Task.FromResult(isWanted(gate = source.Observe(All).Gate)));
        return gate!;
    }
}
