using Kollect.Core.Inventories;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Collection;

/// <summary>Snapshots of what is in the cluster, as its KollectTargets and KollectProfiles say.</summary>
/// <param name="options">The namespace, and the reporter of events.</param>
/// <param name="metrics">Counts reconciles of the statuses of targets.</param>
internal sealed class KubernetesSource(
    IKubernetesApi api, CollectionOptions options, KollectMetrics metrics, TimeProvider time, ILoggerFactory logs) : IInventorySource
{
    private volatile CollectionTerm? term;
    private volatile WorkShare share = WorkShare.Whole;
    private long epoch;

    /// <inheritdoc/>
    public async Task RunAsync(Action<string> changed, CancellationToken cancel)
    {
        using var mine = new CollectionTerm(api, options, ++epoch, changed, () => share, metrics, time, logs.CreateLogger<KubernetesSource>());
        term = mine;
        try
        {
            await mine.RunAsync(cancel);
        }
        finally
        {
            term = null;
        }
    }

    /// <inheritdoc/>
    public void Hold(WorkShare share)
    {
        this.share = share;
        term?.ShareChanged();
    }

    /// <inheritdoc/>
    public InventorySnapshot Observe(Inventory inventory) => term?.Observe(inventory) ?? InventorySnapshot.None;
}
