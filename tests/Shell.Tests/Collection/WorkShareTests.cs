using System.Runtime.CompilerServices;
using Kollect.Core.Collection;
using Kollect.Core.Inventories;
using Kollect.Operator.Collection;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Kollect.Shell.Tests.Kubernetes;
using Microsoft.Extensions.Logging.Abstractions;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;

namespace Kollect.Shell.Tests.Collection;

/// <summary>A replica whose part of the work changes: from nothing to one inventory, and back.</summary>
public sealed class WorkShareTests
{
    private const string Watch = "replica configmaps";

    /// <param name="hasOther">Whether it exports another inventory all the time, whose objects come by the same list and watch.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_it_gains_waits_for_its_first_list_and_what_it_loses_is_neither_watched_nor_held(bool hasOther)
    {
        var before = new WorkShare(static _ => false, () => hasOther ? [All("shop")] : []);
        var after = new WorkShare(static _ => false, () => before.Inventories().Append(All()));
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "a list of watches" });
        await server.AddTokenAsync("token-of-the-replica", "replica", "system:masters");
        await server.ApplyAsync(
            Namespace("shop") + Profile(@namespace: "shop") + Target(@namespace: "shop") + Profile() + Target() + ConfigMap("one") + ConfigMap("two"));
        using var client = server.Client("token-of-the-replica");
        using var metrics = new KollectMetrics();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var source = new KubernetesSource(
            client, new CollectionOptions("", new EventReporter("replica", "default")), metrics, TimeProvider.System, NullLoggerFactory.Instance);
        source.Hold(before);
        var run = source.RunAsync(static _ => { }, stop.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(WhyNotYet(source) == "1 of 1 targets not listed yet: configmaps"));
        await Eventually.HoldsAsync(async () => (await server.WatchesAsync()).Contains(Watch) == hasOther);
        Assert.Equal(hasOther, (await server.RequestsAsync()).Counts.ContainsKey("replica list configmaps"));

        await server.FailAsync("""{"match":{"verb":"list","path":"/configmaps"},"times":1,"hang":1000}""");
        source.Hold(after);
        var held = await HeldAsync(source);
        await Eventually.HoldsAsync(async () => (await server.WatchesAsync()).Contains(Watch));

        source.Hold(before);
        await Eventually.HoldsAsync(() => Task.FromResult(WhyNotYet(source).Length > 0));
        await Eventually.HoldsAsync(async () => (await server.WatchesAsync()).Contains(Watch) == hasOther);
        Assert.Equal("1 of 1 targets not listed yet: configmaps", WhyNotYet(source));
        await Eventually.HoldsAsync(() => Task.FromResult(IsCollected(held)));

        source.Hold(after);
        await HeldAsync(source);
        await stop.CancelAsync();
        await run.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static Inventory All(string @namespace = "default") => new Inventory.Namespaced(
        @namespace, new InventorySettings("all", Empty, TimeSpan.Zero, IsSuspended: false));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string WhyNotYet(KubernetesSource source) => source.Observe(All()).Gate is SnapshotGate.NotYet it ? it.Why : "";

    /// <summary>Waits for the whole snapshot, and returns one of its items. Fails at a snapshot of less.</summary>
    private static async Task<WeakReference> HeldAsync(KubernetesSource source)
    {
        WeakReference? held = null;
        await Eventually.HoldsAsync(() => Task.FromResult((held = Item(source)) is not null));
        return held!;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference? Item(KubernetesSource source)
    {
        var (gate, content) = source.Observe(All());
        Assert.True(gate is SnapshotGate.NotYet || (gate is SnapshotGate.Complete && content.Count == 2), $"{gate}, {content.Count} items");
        return gate is SnapshotGate.Complete ? new WeakReference(content.Items.First()) : null;
    }

    private static bool IsCollected(WeakReference held)
    {
        GC.Collect();
        return !held.IsAlive;
    }
}
