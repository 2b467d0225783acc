using System.Collections.Concurrent;
using Kollect.Core.Failures;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Kubernetes;

/// <summary>Runs a controller's reconciles. A failing reconcile does not delay others: it is retried after a growing wait.</summary>
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
    private readonly Func<int> depth;

    /// <param name="controller">Fixed name of the controller, a label of metrics and logs.</param>
    /// <param name="reconcile">Returns the time of the next reconcile; null = only when the key is added again.</param>
    /// <param name="tenant">The namespace of a key; namespaces are reconciled in turn.</param>
    /// <param name="share">Reconciles of one namespace at once; null = no limit, because they do not wait for anything that a tenant can delay.</param>
    public ReconcileLoop(
        string controller,
        Func<TKey, CancellationToken, Task<DateTimeOffset?>> reconcile,
        Func<TKey, string> tenant,
        int? share,
        KollectMetrics metrics,
        TimeProvider time,
        ILogger log)
    {
        (this.controller, this.reconcile, this.metrics, this.time, this.log) = (controller, reconcile, metrics, time, log);
        queue = new WorkQueue<TKey>(time, tenant, share ?? int.MaxValue);
        depth = () => queue.Depth;
        metrics.ObserveQueue(controller, depth);
    }

    /// <summary>Reconciles the key as soon as a worker is free.</summary>
    public void Add(TKey key) => queue.Add(key);

    /// <summary>Works until cancelled, on at most <paramref name="atOnce"/> keys at a time.</summary>
    public Task RunAsync(int atOnce, CancellationToken cancel) => queue.RunAsync(ReconcileAsync, atOnce, cancel);

    public void Dispose()
    {
        metrics.ForgetQueue(controller, depth);
        queue.Dispose();
    }

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
        catch (ApiException failure)
        {
            Failed(log, controller, key, failure.Message, TryAgain(key, failure.RetryAfter));
        }
        catch (Exception defect) when (!cancel.IsCancellationRequested)
        {
            // The message of an unexpected exception may quote a Secret; its type and stack trace never do.
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

    [LoggerMessage(
        EventId = LogEvents.ReconcileFailed, EventName = nameof(LogEvents.ReconcileFailed), Level = LogLevel.Warning,
        Message = "{Controller} {Key} could not be reconciled: {Why}; retry in {Wait}")]
    private static partial void Failed(ILogger log, string controller, TKey key, string why, TimeSpan wait);

    [LoggerMessage(
        EventId = LogEvents.ReconcileDefect, EventName = nameof(LogEvents.ReconcileDefect), Level = LogLevel.Error,
        Message = "{Controller} {Key}: a defect of this program ({Type}), please report it; retry in {Wait}\n{StackTrace}")]
    private static partial void Defect(ILogger log, string controller, TKey key, string type, string? stackTrace, TimeSpan wait);
}
