using Kollect.Core.Kubernetes;
using Kollect.Operator.Collection;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Kollect.Shell.Backends;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Controllers;

/// <summary>Runs the controllers for as long as the host runs, in terms of leadership: one for each shard that this replica holds.</summary>
/// <param name="lease">That of the source, too.</param>
internal sealed class OperatorService(
    IKubernetesApi api, IInventorySource source, OperatorOptions options, KollectMetrics metrics, LeaseTime lease, TimeProvider time, ILoggerFactory logs)
    : BackgroundService
{
    private readonly ShardElection election = new(
        api,
        new LeaderElectionOptions(new ObjectName(options.LeaseNamespace, options.LeaseName), options.Instance),
        options.Shards,
        time,
        logs.CreateLogger<LeaderElection>())
    {
        Held = lease,
    };

    private readonly FencedApi fenced = new(api, lease);

    // Shared by all shards.
    private readonly SharedSource source = new(source);
    private readonly SecretReader secrets = new(api, options.HasTenants);
    private readonly BackendSet backends = options.BackendSet;
    private readonly ExportSlots slots = new(options);
    private readonly SinkProbe probes = new(options, options.BackendSet);

    private int shards;

    /// <summary>True while the controllers run here.</summary>
    public bool IsLeader => Shards > 0;

    /// <summary>The number of shards whose controllers run here; 1 also for a replica that does all the work.</summary>
    public int Shards => Volatile.Read(ref shards);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveShards(() => Shards);
        try
        {
            await (options.LeaderElection ? election.RunAsync(LeadAsync, stoppingToken) : LeadAsync(Shard.Whole, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>One term. The state of an earlier term is not used.</summary>
    private async Task LeadAsync(Shard shard, CancellationToken cancel)
    {
        using var sinks = new SinkController(fenced, shard, options, secrets, probes, metrics, time, logs.CreateLogger<SinkController>());
        var log = logs.CreateLogger<InventoryController>();
        await using var work = new InventoryWork(options, slots, secrets, backends, metrics, time, log) { Exported = sinks.Exported };
        using var inventories = new InventoryController(fenced, shard, options, source.Of(shard), sinks.Observe, work, metrics, time, log);
        sinks.Changed = sink =>
        {
            work.SinkChanged(sink, sinks.VersionOf(sink));
            inventories.SinkChanged(sink);
        };
        sinks.Use = inventories.UseOf;
        inventories.UseChanged = sinks.UseChanged;
        inventories.UseIsComplete = sinks.UseIsComplete;
        inventories.ExportedElsewhere = sinks.ExportedElsewhere;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Interlocked.Increment(ref shards);
        try
        {
            Task[] controllers = [sinks.RunAsync(stop.Token), inventories.RunAsync(stop.Token)];
            await Task.WhenAny(controllers);
            await stop.CancelAsync();
            await Task.WhenAll(controllers);
        }
        finally
        {
            Interlocked.Decrement(ref shards);
        }
    }
}
