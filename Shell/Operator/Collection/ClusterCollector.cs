using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Inventories;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Kollect.Shell.Manifests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kollect.Operator.Collection;

/// <summary>Collects once from one cluster what manifests say, in the way in which the operator collects.</summary>
/// <param name="cluster">Only read, by lists.</param>
/// <param name="manifests">Valid profiles and targets; other kinds may be among them.</param>
/// <param name="namespace">Collect for targets of this namespace only; empty = all.</param>
/// <param name="targetsAcrossNamespaces">See <see cref="NamespaceGrants"/>.</param>
internal sealed class ClusterCollector(
    IKubernetesApi cluster, Seq<ManifestDocument> manifests, string @namespace, bool targetsAcrossNamespaces, TimeProvider time)
{
    private const long Epoch = 1;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>Until the gate of each inventory is known.</summary>
    /// <param name="inventories">The inventories whose snapshots are wanted.</param>
    /// <param name="limit">The longest time that this may take.</param>
    /// <param name="waiting">Called with what is waited for, one line.</param>
    /// <returns>Left = the API server refuses, or cannot be reached, or does not answer everything within the limit.</returns>
    /// <exception cref="OperationCanceledException">Cancelled by the caller.</exception>
    public async Task<Either<Failure, CollectedCluster>> CollectAsync(
        Seq<Inventory> inventories, TimeSpan limit, Action<string> waiting, CancellationToken cancel)
    {
        try
        {
            await cluster.DiscoverAsync("", "v1", cancel); // what is refused for good need not be waited for
        }
        catch (ApiException failure)
        {
            return failure.IsTransient ? new Failure.TryLater(failure.Message, failure.RetryAfter ?? TimeSpan.Zero) : new Failure.Refused(failure.Message);
        }

        using var changed = new SemaphoreSlim(0);
        using var metrics = new KollectMetrics();
        using var term = new CollectionTerm(
            new ManifestApi(cluster, manifests), new CollectionOptions(@namespace, new EventReporter("", ""), targetsAcrossNamespaces), Epoch,
            _ => changed.Release(), static () => WorkShare.Whole, metrics, time, NullLogger.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = term.RunAsync(stop.Token);
        try
        {
            return await SnapshotsAsync(term, running, inventories, changed, limit, waiting, cancel);
        }
        finally
        {
            await stop.CancelAsync();
            await running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task<Either<Failure, CollectedCluster>> SnapshotsAsync(
        CollectionTerm term, Task running, Seq<Inventory> inventories, SemaphoreSlim changed, TimeSpan limit, Action<string> waiting, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var now = time.GetUtcNow();
            var snapshots = inventories.Map(it => new CollectedInventory(it, term.Observe(it))).Strict();
            if (snapshots.Choose(it => it.Snapshot.Gate is SnapshotGate.NotYet gate ? Some(gate.Why) : None).HeadOrNone().Case is not string why)
                return new CollectedCluster(snapshots, term.Report(now), now);
            if (running.IsCompleted)
                await running; // a defect
            if (time.GetElapsedTime(began) > limit)
                return new Failure.TryLater($"not everything was collected within {GoDuration.Format(limit)}: {why}", TimeSpan.Zero);
            waiting(why);
            await changed.WaitAsync(BetweenLooks, cancel);
        }
    }
}

/// <summary>What was collected from one cluster.</summary>
/// <param name="Inventories">In the order in which they were asked for.</param>
/// <param name="Targets">All targets, in the order of their names, with the status that the operator would write.</param>
/// <param name="At">The time of the snapshots.</param>
internal sealed record CollectedCluster(Seq<CollectedInventory> Inventories, Seq<TargetReport> Targets, DateTimeOffset At);

/// <summary>One inventory, and its snapshot; the gate is not <see cref="SnapshotGate.NotYet"/>.</summary>
internal sealed record CollectedInventory(Inventory Inventory, InventorySnapshot Snapshot);
