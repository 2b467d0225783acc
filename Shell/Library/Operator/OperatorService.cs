using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Collection;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Operator;

/// <summary>Runs the controllers for as long as the host runs, in terms of leadership.</summary>
public sealed class OperatorService(
    IKubernetesApi api, IInventorySource source, OperatorOptions options, KollectMetrics metrics, TimeProvider time, ILoggerFactory logs) : BackgroundService
{
    private readonly LeaderElection election = new(
        api,
        new LeaderElectionOptions(new ObjectName(options.LeaseNamespace, options.LeaseName), options.Instance),
        time,
        logs.CreateLogger<LeaderElection>());

    private volatile bool runs;

    /// <summary>True while the controllers run here.</summary>
    public bool IsLeader => runs;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveLeadership(() => runs);
        try
        {
            await (options.LeaderElection ? election.RunAsync(LeadAsync, stoppingToken) : LeadAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>One term. The state of an earlier term is not used.</summary>
    private async Task LeadAsync(CancellationToken cancel)
    {
        var (secrets, guard) = (new SecretReader(api, options.HasTenants), new DialGuard(options.Dial));
        using var sinks = new SinkController(api, options, secrets, guard, metrics, time, logs.CreateLogger<SinkController>());
        var log = logs.CreateLogger<InventoryController>();
        var work = new InventoryWork(options, secrets, guard, metrics, time, log) { Exported = sinks.Exported };
        using var inventories = new InventoryController(api, options, source, sinks.Observe, work, metrics, time, log);
        sinks.Changed = inventories.SinkChanged;
        sinks.Use = inventories.UseOf;
        inventories.UseChanged = sinks.UseChanged;
        inventories.UseIsComplete = sinks.UseIsComplete;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        runs = true;
        try
        {
            Task[] controllers = [sinks.RunAsync(stop.Token), inventories.RunAsync(stop.Token)];
            await Task.WhenAny(controllers);
            await stop.CancelAsync();
            await Task.WhenAll(controllers);
        }
        finally
        {
            runs = false;
        }
    }
}
