using System.Collections.Concurrent;
using Kollect.Core.Collection;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Operator.Collection;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;
using Change = Kollect.Operator.Kubernetes.Change;

namespace Kollect.Operator.Controllers;

/// <summary>
/// Keeps every inventory of a shard exported and its status current. One instance serves one term of leadership. The inventories of other shards are
/// followed only to know which sinks they use.
/// </summary>
internal sealed class InventoryController : IDisposable
{
    private const string Name = "inventory";

    // A reconcile waits for the API server only; exports run beside it.
    private const int MaxConcurrentReconciles = 32;

    private readonly IKubernetesApi api;
    private readonly Shard shard;
    private readonly OperatorOptions options;
    private readonly IInventorySource source;
    private readonly WorkShare share;
    private readonly Func<Seq<SinkName>, HashMap<SinkName, SinkObservation>> sinks;
    private readonly InventoryWork work;
    private readonly KollectMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly EndingNamespaces namespaces;
    private readonly KnownScopes scopes;
    private readonly ObjectCache<InventoryObject, CachedInventory> inventories = new(static (name, latest) => new CachedInventory(name, latest));
    private readonly ReconcileLoop<ObjectName> reconciles;
    private readonly InventoryRuns runs;
    private readonly InventoryWriter writer;
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<Resource, bool> unlisted;
    private SinkBreakers breakers = SinkBreakers.None;

    /// <param name="shard">The shard whose inventories are exported.</param>
    /// <param name="source">The source of snapshots.</param>
    /// <param name="sinks">Returns the observation of each of the given sinks; changes are reported to <see cref="SinkChanged"/>.</param>
    /// <param name="work">Runs exports and removals.</param>
    /// <param name="metrics">Counts reconciles and interrupted watches.</param>
    public InventoryController(
        IKubernetesApi api,
        Shard shard,
        OperatorOptions options,
        IInventorySource source,
        Func<Seq<SinkName>, HashMap<SinkName, SinkObservation>> sinks,
        InventoryWork work,
        KollectMetrics metrics,
        TimeProvider time,
        ILogger<InventoryController> log)
    {
        (this.api, this.shard, this.options, this.source, this.sinks) = (api, shard, options, source, sinks);
        (this.work, this.metrics, this.time, this.log) = (work, metrics, time, log);
        share = new WorkShare(shard.Owns, () => Owned.SelectMany(it => it.Latest.Spec.ToSeq()));
        namespaces = new EndingNamespaces(api);
        scopes = new KnownScopes(api, options.Namespace, ScopesChanged, metrics, time, log);
        unlisted = new(Followed.Select(it => KeyValuePair.Create(it, true)));
        reconciles = new ReconcileLoop<ObjectName>(Name, ReconcileAsync, static name => name.Namespace, share: null, metrics, time, log);
        runs = new InventoryRuns(work, reconciles.Add, log);
        var events = new EventRecorder(api, "Export", options.Reporter, time, log);
        writer = new InventoryWriter(api, inventories, events, reconciles.Add, metrics, time, log);
        metrics.Objects.Add(Freshness);
    }

    /// <summary>The inventories that are exported.</summary>
    private IEnumerable<CachedInventory> Owned => inventories.All.Where(it => shard.Owns(it.Uid));

    private IEnumerable<Resource> Followed => options.Namespace.Length > 0
        ? [InventoryWriter.Inventories]
        : [InventoryWriter.Inventories, InventoryWriter.ClusterInventories];

    private IEnumerable<InventoryFreshness> Freshness() =>
        Owned.SelectMany(it => it.State.Freshness.Map(at => new InventoryFreshness(it.Latest.Name, at)));

    /// <summary>Until cancelled; exports that run then are rolled back, and have ended when this ends.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] parts =
        [
            .. Followed.Select(it => FollowAsync(it, new Selection(options.Namespace), stop.Token)),
            scopes.RunAsync(stop.Token),
            AgeAsync(stop.Token),
            source.RunAsync(ContentChanged, stop.Token),
            reconciles.RunAsync(MaxConcurrentReconciles, stop.Token),
            writer.RunAsync(stop.Token),
        ];
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

    /// <summary>Called with a sink when other inventories may use it than before. Set before the start.</summary>
    public Action<SinkName> UseChanged { get; set; } = static _ => { };

    /// <summary>Called with a sink through which an inventory of another shard has exported. Set before the start.</summary>
    public Action<SinkName> ExportedElsewhere { get; set; } = static _ => { };

    /// <summary>Called when all inventories are known. Set before the start.</summary>
    public Action UseIsComplete { get; set; } = static () => { };

    /// <summary>The inventories that use a sink; <see cref="SinkUse.NamespaceEnds"/> is not read.</summary>
    public SinkUse UseOf(SinkName sink)
    {
        var isComplete = unlisted.IsEmpty; // read first, or an inventory that arrives now would be missing
        var users = inventories.All
            .Where(it => it.State.Status.Locations.Exists(location => location.Sink == sink))
            .Select(it => it.Latest.Name).OrderBy(it => it.ToString(), StringComparer.Ordinal);
        return new SinkUse(users.ToArray().ToSeq(), isComplete, NamespaceEnds: false);
    }

    /// <summary>Reconciles all inventories that use the sink.</summary>
    public void SinkChanged(SinkName sink)
    {
        foreach (var inventory in Owned.Where(it => it.SinksInUse.Contains(sink)))
            reconciles.Add(inventory.Name);
    }

    public void Dispose()
    {
        metrics.Objects.Remove(Freshness);
        reconciles.Dispose();
        writer.Dispose();
    }

    private void ContentChanged(string rowNamespace)
    {
        foreach (var inventory in Owned.Where(it => it.Latest.Name.Namespace == rowNamespace))
            reconciles.Add(inventory.Name);
    }

    private void ScopesChanged(string rowNamespace)
    {
        foreach (var inventory in Owned.Where(it => rowNamespace.Length == 0 || it.Latest.Name.Namespace == rowNamespace))
            reconciles.Add(inventory.Name);
    }

    /// <summary>Until cancelled: looks for outages that last.</summary>
    private async Task AgeAsync(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(Waits.Ages, time, cancel);
            scopes.Age();
        }
    }

    private async Task FollowAsync(Resource resource, Selection selection, CancellationToken cancel)
    {
        await foreach (var change in ListWatch.FollowAsync(api, resource, selection, metrics, time, log, cancel))
            switch (change)
            {
                case Change.Seen seen:
                    Seen(seen.Object);
                    break;
                case Change.Gone gone when inventories.Gone(gone.Name, gone.Uid) is { } inventory:
                    Forget(inventory);
                    break;
                case Change.Listed or Change.Interrupted { Why.Kind: ApiError.NotFound } when unlisted.TryRemove(resource, out _) && unlisted.IsEmpty:
                    UseIsComplete();
                    break;
            }
    }

    private void Seen(byte[] json)
    {
        var isChanged = inventories.Seen(json, out var inventory);
        if (inventory is null)
            return;
        if (!shard.Owns(inventory.Uid))
            Follow(inventory, isChanged);
        else if (isChanged)
        {
            source.Hold(share);
            reconciles.Add(inventory.Name);
        }
    }

    /// <summary>An inventory of another shard: its status says which sinks it uses, and when it exported.</summary>
    private void Follow(CachedInventory inventory, bool isNew)
    {
        var before = isNew ? InventoryState.Restored(null) : inventory.State;
        inventory.State = InventoryState.Restored(inventory.Latest.Status);
        inventory.State.UseSince(before).Iter(UseChanged);
        inventory.State.ExportedSince(before).Iter(ExportedElsewhere);
    }

    /// <summary>Cancels the exports of a deleted inventory without a delay for others.</summary>
    private void Forget(CachedInventory inventory)
    {
        InventoryRuns.Cancel(inventory);
        source.Hold(share);
        lock (gate)
            breakers = breakers.Abandoned(inventory.Latest.Name, time.GetUtcNow());
        work.Forget(inventory.Latest.Name);
        inventory.State.Status.Locations.Iter(location => UseChanged(location.Sink));
    }

    /// <summary>Observes, decides, writes the status and starts the work.</summary>
    private async Task<DateTimeOffset?> ReconcileAsync(ObjectName name, CancellationToken cancel)
    {
        if (inventories.Find(name) is not { } inventory || !shard.Owns(inventory.Uid))
            return null;
        var ending = await EndingNamespacesAsync(inventory, cancel);
        var before = inventory.State;
        var (decision, content) = Decide(inventory, ending);
        decision.State.UseSince(before).Iter(UseChanged);
        InventoryRuns.Cancel(inventory, decision.Cancellations);
        if (decision.WritesFirst)
            await WriteAsync(inventory, decision, cancel);
        runs.Start(inventory, decision, content);
        if (!decision.WritesFirst)
            await writer.ReportLaterAsync(inventory, decision, cancel);
        decision.BreakersChanged.Iter(SinkChanged);
        return decision.Next.ToNullable();
    }

    /// <summary>They decide only about a deletion.</summary>
    private async Task<Seq<string>> EndingNamespacesAsync(CachedInventory inventory, CancellationToken cancel) =>
        inventory.Latest.Metadata.DeletionTimestamp is null
            ? Empty
            : await namespaces.AmongAsync(inventory.State.NamespacesInUse(sinks(inventory.SinksInUse)), cancel);

    private (InventoryDecision Decision, SnapshotContent Content) Decide(CachedInventory inventory, Seq<string> endingNamespaces)
    {
        var latest = inventory.Latest;
        var snapshot = latest.Spec.Match(Right: source.Observe, Left: _ => InventorySnapshot.None);
        _ = snapshot.Content.Checksum; // computed here, not while others wait
        lock (gate)
        {
            var observed = new InventoryObservation(
                latest, snapshot.Gate, snapshot.Content, sinks(inventory.State.SinksInUse(latest)), inventory.TakeCompleted())
            {
                Held = toHashMap(inventory.Held.Select(it => (it.Key, it.Value.Sink))),
                EndingNamespaces = endingNamespaces,
                Scopes = scopes.Of(latest.Name.Namespace),
            };
            var decision = InventoryReconcile.Decide(observed, inventory.State, breakers, options.CleanupTimeout, time.GetUtcNow(), Random.Shared.NextDouble());
            (inventory.State, breakers) = (decision.State, decision.Breakers);
            foreach (var forgotten in inventory.Held.Keys.Where(it => !decision.State.Status.Locations.Contains(it)))
                inventory.Held.TryRemove(forgotten, out _);
            writer.Take(inventory, decision);
            return (decision, snapshot.Content);
        }
    }

    private async Task WriteAsync(CachedInventory inventory, InventoryDecision decision, CancellationToken cancel)
    {
        try
        {
            await writer.WriteAsync(inventory, decision, cancel);
        }
        catch
        {
            InventoryRuns.Refuse(inventory, decision);
            throw;
        }
    }
}
