using Kollect.Core.Collection;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Shell.Collection;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Logging;
using Change = Kollect.Shell.Kubernetes.Change;

namespace Kollect.Shell.Operator;

/// <summary>Keeps every inventory mirrored, and its status true. One instance serves one term of leadership.</summary>
internal sealed class InventoryController : IDisposable
{
    private const string Name = "inventory";

    // A pass waits for the API server only; exports run beside it.
    private const int MaxConcurrentReconciles = 32;

    private static readonly Resource Inventories = new("kollect.dev", "v1alpha1", "kollectinventories", Namespaced: true);
    private static readonly Resource ClusterInventories = new("kollect.dev", "v1alpha1", "kollectclusterinventories", Namespaced: false);

    private readonly IKubernetesApi api;
    private readonly OperatorOptions options;
    private readonly IInventorySource source;
    private readonly Func<SinkName, SinkObservation> sinks;
    private readonly InventoryWork work;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly EventRecorder events;
    private readonly ObjectCache<InventoryText, CachedInventory> inventories = new(static (name, latest) => new CachedInventory(name, latest));
    private readonly ReconcileLoop<ObjectName> reconciles;
    private readonly InventoryRuns runs;
    private readonly Lock gate = new();
    private SinkBreakers breakers = SinkBreakers.None;

    /// <param name="api">The API server.</param>
    /// <param name="options">Limits.</param>
    /// <param name="source">Where snapshots come from.</param>
    /// <param name="sinks">What is known of a sink; whoever knows tells changes to <see cref="SinkChanged"/>.</param>
    /// <param name="work">Runs exports and removals; disposed with the controller.</param>
    /// <param name="metrics">Where passes are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public InventoryController(
        IKubernetesApi api,
        OperatorOptions options,
        IInventorySource source,
        Func<SinkName, SinkObservation> sinks,
        InventoryWork work,
        KollectMetrics metrics,
        TimeProvider time,
        ILogger<InventoryController> log)
    {
        (this.api, this.options, this.source, this.sinks, this.work, this.time, this.log) = (api, options, source, sinks, work, time, log);
        events = new EventRecorder(api, "Export", options.Instance, time, log);
        reconciles = new ReconcileLoop<ObjectName>(Name, ReconcileAsync, metrics, time, log);
        runs = new InventoryRuns(work, reconciles.Add, log);
    }

    /// <summary>Until cancelled; exports that run then are rolled back, and have ended when this ends.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        List<Task> parts =
        [
            FollowAsync(Inventories, new Selection(options.Namespace), stop.Token),
            source.RunAsync(ContentChanged, stop.Token),
            reconciles.RunAsync(MaxConcurrentReconciles, stop.Token),
        ];
        if (options.Namespace.Length == 0)
            parts.Add(FollowAsync(ClusterInventories, Selection.All, stop.Token));
        await Task.WhenAny(parts);
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(parts);
        }
        finally
        {
            foreach (var inventory in inventories.All)
                InventoryRuns.Cancel(inventory);
            await runs.EndAsync();
        }
    }

    /// <summary>Looks at all that use a sink.</summary>
    public void SinkChanged(SinkName sink)
    {
        foreach (var inventory in inventories.All.Where(it => it.Uses(sink)))
            reconciles.Add(inventory.Name);
    }

    public void Dispose()
    {
        reconciles.Dispose();
        work.Dispose();
    }

    private void ContentChanged(string rowNamespace)
    {
        foreach (var inventory in inventories.All.Where(it => it.Object.Name.Namespace == rowNamespace))
            reconciles.Add(inventory.Name);
    }

    private async Task FollowAsync(Resource resource, Selection selection, CancellationToken cancel)
    {
        await foreach (var change in ListWatch.FollowAsync(api, resource, selection, time, log, cancel))
            switch (change)
            {
                case Change.Seen seen when inventories.Seen(seen.Object, out var inventory):
                    reconciles.Add(inventory.Name);
                    break;
                case Change.Gone gone when inventories.Gone(gone.Name, gone.Uid) is { } inventory:
                    Forget(inventory);
                    break;
            }
    }

    /// <summary>Nobody asks for its exports any more, and none of them must hold up those of others.</summary>
    private void Forget(CachedInventory inventory)
    {
        InventoryRuns.Cancel(inventory);
        lock (gate)
            breakers = breakers.Abandoned(inventory.Object.Name, time.GetUtcNow());
    }

    /// <summary>Observe, decide, write, start.</summary>
    private async Task<DateTimeOffset?> ReconcileAsync(ObjectName name, CancellationToken cancel)
    {
        if (inventories.Find(name) is not { } inventory)
            return null;
        var (decision, content) = Decide(inventory);
        try
        {
            await WriteAsync(inventory, decision, cancel);
        }
        catch
        {
            InventoryRuns.Refuse(inventory, decision);
            throw;
        }

        runs.Start(inventory, decision, content);
        decision.BreakersChanged.Iter(SinkChanged);
        return decision.Next.ToNullable();
    }

    private (InventoryDecision Decision, SnapshotContent Content) Decide(CachedInventory inventory)
    {
        var told = inventory.Object;
        var look = told.Spec.Match(Right: source.Look, Left: _ => InventorySnapshot.None);
        lock (gate)
        {
            var seen = new InventoryObservation(told, look.Gate, look.Content, sinks, inventory.TakeCompleted());
            var decision = InventoryReconcile.Decide(seen, inventory.State, breakers, options.CleanupTimeout, time.GetUtcNow(), Random.Shared.NextDouble());
            (inventory.State, breakers) = (decision.State, decision.Breakers);
            inventory.PendingEvents = Join(inventory.PendingEvents, decision.Events).Strict();
            return (decision, look.Content);
        }
    }

    private async Task WriteAsync(CachedInventory inventory, InventoryDecision decision, CancellationToken cancel)
    {
        InventoryRuns.Cancel(inventory, decision.Cancellations);
        var resource = inventory.Name.Namespace.Length > 0 ? Inventories : ClusterInventories;
        var about = inventory.Identity;
        foreach (var status in decision.Status.ToSeq())
            Answered(inventory, await api.ApplyAsync(resource, inventory.Name, "status", ObjectRequests.Status(about, status), cancel));
        var pending = inventory.PendingEvents;
        inventory.PendingEvents = Empty;
        await events.RecordAsync(about, pending, cancel);
        foreach (var finalizers in decision.Finalizers.ToSeq())
            Answered(inventory, await api.MergePatchAsync(resource, inventory.Name, null, ObjectRequests.Finalizers(inventory.Identity, finalizers), cancel));
    }

    /// <summary>What a user changed between our look and our write is told by the answer; the watch then tells nothing new.</summary>
    private void Answered(CachedInventory inventory, byte[] json)
    {
        if (inventories.Answered(inventory, json))
            reconciles.Add(inventory.Name);
    }
}
