using System.Collections.Concurrent;
using Kollect.Core.Failures;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Kubernetes;

/// <summary>Runs a controller's passes, and lets one that fails disturb no other: it is tried again, with a wait that grows.</summary>
internal sealed partial class ReconcileLoop<TKey> : IDisposable
    where TKey : notnull
{
    private readonly string controller;
    private readonly Func<TKey, CancellationToken, Task<DateTimeOffset?>> reconcile;
    private readonly KollectMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly WorkQueue<TKey> queue;
    private readonly ConcurrentDictionary<TKey, int> failures = new();

    /// <param name="controller">A word of the program's own, for metrics and logs.</param>
    /// <param name="reconcile">Gives the time of the next one; null = only when the key is added.</param>
    /// <param name="metrics">Where passes are counted.</param>
    /// <param name="time">For the waits.</param>
    /// <param name="log">For passes that fail.</param>
    public ReconcileLoop(string controller, Func<TKey, CancellationToken, Task<DateTimeOffset?>> reconcile, KollectMetrics metrics, TimeProvider time, ILogger log)
    {
        (this.controller, this.reconcile, this.metrics, this.time, this.log) = (controller, reconcile, metrics, time, log);
        queue = new WorkQueue<TKey>(time);
        metrics.ObserveQueue(controller, () => queue.Depth);
    }

    /// <summary>A reconcile, as soon as a worker is free.</summary>
    public void Add(TKey key) => queue.Add(key);

    /// <summary>Until cancelled.</summary>
    public Task RunAsync(int atOnce, CancellationToken cancel) => queue.RunAsync(ReconcileAsync, atOnce, cancel);

    public void Dispose() => queue.Dispose();

    private async Task ReconcileAsync(TKey key, CancellationToken cancel)
    {
        using var activity = KollectMetrics.Source.StartActivity("reconcile " + controller);
        var started = time.GetTimestamp();
        var succeeded = false;
        try
        {
            if (await reconcile(key, cancel) is { } next)
                queue.AddAfter(key, next - time.GetUtcNow());
            succeeded = true;
            failures.TryRemove(key, out _);
        }
        catch (KubernetesException failure)
        {
            Failed(log, controller, key, failure.Message, TryAgain(key, failure.RetryAfter));
        }
        catch (Exception defect) when (!cancel.IsCancellationRequested)
        {
            // The message of an unexpected exception may quote a Secret; its type and place never do.
            Defect(log, controller, key, defect.GetType().Name, defect.StackTrace, TryAgain(key, null));
        }
        finally
        {
            metrics.Reconciled(controller, succeeded, time.GetElapsedTime(started));
        }
    }

    private TimeSpan TryAgain(TKey key, TimeSpan? asked)
    {
        var wait = Waits.Reconciles.After(failures.AddOrUpdate(key, 1, (_, before) => before + 1), Random.Shared.NextDouble(), asked ?? TimeSpan.Zero);
        queue.AddAfter(key, wait);
        return wait;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Controller} {Key} could not be reconciled: {Why}; again in {Wait}")]
    private static partial void Failed(ILogger log, string controller, TKey key, string why, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Controller} {Key}: a defect of this program ({Type}), please report it; again in {Wait}\n{StackTrace}")]
    private static partial void Defect(ILogger log, string controller, TKey key, string type, string? stackTrace, TimeSpan wait);
}
