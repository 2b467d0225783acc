using System.Collections.Concurrent;
using Kollect.Core.Collection;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Controllers;

/// <summary>Exports and removals beside the reconciles: their ends are part of the next observation of the inventory.</summary>
internal sealed partial class InventoryRuns(InventoryWork work, Action<ObjectName> ended, ILogger log)
{
    private readonly ConcurrentDictionary<Task, bool> running = [];

    /// <summary>Starts and cancels the work that a decision requests.</summary>
    /// <param name="decision">Its status has been written.</param>
    /// <param name="content">The snapshot of the observation.</param>
    public void Start(CachedInventory inventory, InventoryDecision decision, SnapshotContent content)
    {
        foreach (var start in decision.Exports)
            Start(inventory, inventory.Exports, start.Name, new Completion.ExportCancelled(start.Name), async stop => start.ProbesOnly
                ? await work.ProbeAsync(start, stop)
                : await work.ExportAsync(start, content, inventory.Held, stop));
        foreach (var start in decision.Removals)
            Start(inventory, inventory.Removals, start.Location, new Completion.RemovalCancelled(start.Location), async stop =>
                new Completion.Removal(start.Location, await work.RemoveAsync(start, inventory.Held, stop)));
    }

    /// <summary>Completes the work that a decision requests as cancelled, without starting it.</summary>
    public static void Refuse(CachedInventory inventory, InventoryDecision decision)
    {
        foreach (var start in decision.Exports)
            inventory.Complete(new Completion.ExportCancelled(start.Name));
        foreach (var start in decision.Removals)
            inventory.Complete(new Completion.RemovalCancelled(start.Location));
    }

    /// <summary>Cancels work whose result is not needed.</summary>
    public static void Cancel(CachedInventory inventory, Cancellations which)
    {
        foreach (var sink in which.Exports)
            Cancel(inventory.Exports, sink);
        foreach (var location in which.Removals)
            Cancel(inventory.Removals, location);
    }

    /// <summary>Cancels all work of an inventory.</summary>
    public static void Cancel(CachedInventory inventory)
    {
        foreach (var sink in inventory.Exports.Keys)
            Cancel(inventory.Exports, sink);
        foreach (var location in inventory.Removals.Keys)
            Cancel(inventory.Removals, location);
    }

    /// <summary>Until everything that was started has ended.</summary>
    public Task EndAsync() => Task.WhenAll(running.Keys);

    private void Start<TKey>(
        CachedInventory inventory,
        ConcurrentDictionary<TKey, CancellationTokenSource> started,
        TKey key,
        Completion cancelled,
        Func<CancellationToken, Task<Completion>> begin)
        where TKey : notnull
    {
        var stop = started[key] = new CancellationTokenSource();
        var task = Task.Run(RunAsync, CancellationToken.None);
        running[task] = true;
        _ = task.ContinueWith(it => running.TryRemove(it, out _), TaskScheduler.Default);

        async Task RunAsync()
        {
            var end = cancelled;
            try
            {
                end = await begin(stop.Token);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                // Cancelled by the operator.
            }
            finally
            {
                started.TryRemove(key, out _);
                stop.Dispose();
                HasEnded(log, inventory.Latest.Identity, end);
                inventory.Complete(end);
                ended(inventory.Name);
            }
        }
    }

    private static void Cancel<TKey>(ConcurrentDictionary<TKey, CancellationTokenSource> started, TKey key)
        where TKey : notnull
    {
        try
        {
            if (started.TryGetValue(key, out var stop))
                stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    [LoggerMessage(
        EventId = LogEvents.ExportEnded, EventName = nameof(LogEvents.ExportEnded), Level = LogLevel.Debug,
        Message = "{Object}: {End}")]
    private static partial void HasEnded(ILogger log, ObjectIdentity @object, Completion end);
}
