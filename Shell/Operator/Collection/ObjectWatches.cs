using System.Collections.Concurrent;
using Kollect.Core.Collection;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Collection;

/// <summary>All lists and watches: one for each kind and selector, while any target wants it.</summary>
internal sealed class ObjectWatches(
    IKubernetesApi api,
    string only,
    Func<string, Option<KnownNamespace>> namespaces,
    Action<CollectedTarget> changed,
    Action<ResourceKind> notServed,
    KollectMetrics metrics,
    TimeProvider time,
    ILogger log)
{
    private readonly ConcurrentDictionary<(WatchKey Key, Resource Resource), Running> running = [];
    private readonly ConcurrentDictionary<Task, bool> tasks = [];
    private readonly Lock gate = new();
    private bool isOver;

    /// <summary>Until cancelled, and until all of them have ended.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel).ContinueWith(static _ => { }, TaskScheduler.Default);
        lock (gate)
        {
            Serve([]);
            isOver = true;
        }

        await Task.WhenAll(tasks.Keys);
    }

    /// <summary>Sets the watches: starts new ones and ends all others.</summary>
    public void Serve(IEnumerable<CollectedTarget> wanted)
    {
        var byKey = wanted.GroupBy(target => (target.Plan.Key, target.Resource)).ToDictionary(it => it.Key, it => it.ToArray());
        lock (gate)
        {
            foreach (var key in running.Keys.Where(key => !byKey.ContainsKey(key)))
                if (running.TryRemove(key, out var gone))
                    gone.Stop.Cancel();
            foreach (var (key, targets) in byKey)
            {
                if (running.TryGetValue(key, out var known))
                    known.Watch.Serve(targets);
                else if (!isOver)
                    running[key] = Start(key, targets);
            }
        }
    }

    /// <summary>Lists again where that may make a difference.</summary>
    public void NamespaceChanged(Option<KnownNamespace> before, KnownNamespace after)
    {
        foreach (var it in running.Values.Where(it => it.Watch.DependsOn(before, after)))
            it.Watch.ListAgain();
    }

    private Running Start((WatchKey Key, Resource Resource) of, IReadOnlyList<CollectedTarget> targets)
    {
        var (key, resource) = of;
        var selection = new Selection(resource.Namespaced ? only : "", key.Labels);
        var watch = new ObjectWatch(api, resource, selection, namespaces, changed, () => notServed(key.Kind), metrics, time, log);
        watch.Serve(targets);
        var stop = new CancellationTokenSource();
        var task = Task.Run(() => watch.RunAsync(stop.Token), CancellationToken.None).ContinueWith(_ => stop.Dispose(), TaskScheduler.Default);
        tasks[task] = true;
        _ = task.ContinueWith(ended => tasks.TryRemove(ended, out bool _), TaskScheduler.Default);
        return new Running(watch, stop);
    }

    private sealed record Running(ObjectWatch Watch, CancellationTokenSource Stop);
}
