using System.Collections.Concurrent;
using System.Diagnostics;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Reconciling;
using Kollect.Core.Sinks;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Network;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Operator;

/// <summary>Keeps the status of every KollectDatabaseSink true. One instance serves one term of leadership.</summary>
internal sealed partial class SinkController : IDisposable
{
    /// <summary>The kind that is watched.</summary>
    public static readonly Resource Sinks = new("kollect.dev", "v1alpha1", "kollectdatabasesinks", Namespaced: true);

    private const string Name = "databasesink";

    private static readonly Resource Events = new("events.k8s.io", "v1", "events", Namespaced: true);

    // Passes that wait for a probe cost next to nothing; more than there are probes, so that one lane's queue never holds up the other.
    private const int PassesPerProbe = 4;

    private readonly IKubernetesApi api;
    private readonly OperatorOptions options;
    private readonly KollectMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly SecretReader secrets;
    private readonly SecretPoll poll;
    private readonly SinkProbe probes;
    private readonly SinkCache cache = new();
    private readonly ConcurrentDictionary<ObjectName, SinkMemory> memories = new();
    private readonly ConcurrentDictionary<ObjectName, int> failures = new();
    private readonly WorkQueue<ObjectName> queue;

    public SinkController(IKubernetesApi api, OperatorOptions options, KollectMetrics metrics, TimeProvider time, ILogger<SinkController> log)
    {
        (this.api, this.options, this.metrics, this.time, this.log) = (api, options, metrics, time, log);
        secrets = new SecretReader(api);
        poll = new SecretPoll(secrets, time, log);
        probes = new SinkProbe(options, new DialGuard(options.Dial));
        queue = new WorkQueue<ObjectName>(time);
        metrics.ObserveQueue(Name, () => queue.Depth);
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] parts =
        [
            FollowAsync(stop.Token),
            poll.RunAsync(queue.Add, stop.Token),
            queue.RunAsync(ReconcileAsync, options.MaxConcurrentProbes * PassesPerProbe, stop.Token),
        ];
        await Task.WhenAny(parts);
        await stop.CancelAsync();
        await Task.WhenAll(parts);
    }

    public void Dispose()
    {
        queue.Dispose();
        probes.Dispose();
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        await foreach (var change in ListWatch.FollowAsync(api, Sinks, new Selection(options.Namespace), time, log, cancel))
            switch (change)
            {
                case Change.Seen seen:
                    Take(seen.Object);
                    break;
                case Change.Gone gone when cache.Remove(gone.Name, gone.Uid):
                    Forget(gone.Name);
                    break;
            }
    }

    /// <summary>Whatever tells of a sink comes through here, so that no change is missed between a watch and our own writes.</summary>
    private SinkCache.Entry? Take(byte[] json)
    {
        var entry = cache.Take(json, out var asksForLook);
        if (entry is not null && asksForLook)
            queue.Add(entry.Name);
        return entry;
    }

    private void Forget(ObjectName name)
    {
        memories.TryRemove(name, out _);
        failures.TryRemove(name, out _);
        poll.Forget(name);
        queue.Forget(name);
    }

    private async Task ReconcileAsync(ObjectName name, CancellationToken cancel)
    {
        if (cache.Find(name) is not { } entry)
            return;
        using var activity = KollectMetrics.Source.StartActivity("reconcile " + Name);
        var started = time.GetTimestamp();
        var succeeded = false;
        try
        {
            var next = await ReconcileAsync(entry, cancel);
            succeeded = true;
            failures.TryRemove(name, out _);
            if (next is NextLook.At at)
                queue.AddAfter(name, at.Time - time.GetUtcNow());
        }
        catch (KubernetesException failure)
        {
            var wait = Backoff.After(failures.AddOrUpdate(name, 1, (_, so) => so + 1), Random.Shared.NextDouble(), failure.RetryAfter ?? TimeSpan.Zero);
            // Gone, or replaced by another of its name: usually the watch has told already. If not, the next attempt finds out.
            if (failure.Kind is ApiError.NotFound or ApiError.Conflict)
                Overtaken(log, name.Namespace, name.Name, wait);
            else
                CannotReconcile(log, name.Namespace, name.Name, failure.Message, wait);
            queue.AddAfter(name, wait);
        }
        finally
        {
            metrics.Reconciled(Name, succeeded, time.GetElapsedTime(started));
        }
    }

    /// <summary>Observe, decide, write; where the decision asks for a probe: probe, decide, write.</summary>
    private async Task<NextLook> ReconcileAsync(SinkCache.Entry entry, CancellationToken cancel)
    {
        var looks = await secrets.LookAsync(SinkSecrets.Of(entry.Sink, entry.Structural), cancel);
        var observed = new SinkObservation(entry.Sink, entry.Structural, SinkSecrets.VersionsOf(looks));
        poll.Using(entry.Name, looks);

        var memory = memories.GetValueOrDefault(entry.Name, SinkMemory.Blank);
        var decision = SinkReconcile.Decide(observed, memory, None, time.GetUtcNow(), Random.Shared.NextDouble());
        observed = await WriteAsync(entry.Name, observed, decision, cancel);
        if (decision.Next is not NextLook.AfterProbe)
            return decision.Next;

        var sink = SinkParser.Parse(observed.Sink, observed.Structural).IfLeft(_ => throw new UnreachableException("an invalid sink is not probed"));
        var result = await probes.RunAsync(sink, looks, memory.HasFailed, cancel);
        metrics.Probed(sink, Situation.Of(result));
        decision = SinkReconcile.Decide(observed, decision.Memory, result, time.GetUtcNow(), Random.Shared.NextDouble());
        await WriteAsync(entry.Name, observed, decision, cancel);
        return decision.Next;
    }

    /// <summary>Writes what was decided; the sink as it stands then.</summary>
    private async Task<SinkObservation> WriteAsync(ObjectName name, SinkObservation observed, SinkDecision decision, CancellationToken cancel)
    {
        memories[name] = decision.Memory;
        foreach (var status in decision.Status.ToSeq())
            observed = observed with { Sink = await ApplyAsync(name, observed.Sink, status, cancel) };
        foreach (var happening in decision.Events)
            await TellAsync(observed.Sink, happening, cancel);
        if (!decision.ClearAnnotations.IsEmpty)
            Take(await api.MergePatchAsync(Sinks, name, null, SinkRequests.WithoutAnnotations(decision.ClearAnnotations), cancel));
        return observed;
    }

    private async Task<KollectDatabaseSink> ApplyAsync(ObjectName name, KollectDatabaseSink sink, KollectDatabaseSinkStatus status, CancellationToken cancel)
    {
        Take(await api.ApplyAsync(Sinks, name, "status", SinkRequests.Status(sink, status), cancel));
        return sink with { Status = status };
    }

    /// <summary>An event that cannot be told is no reason to fail: the condition says the same.</summary>
    private async Task TellAsync(KollectDatabaseSink sink, Happening happening, CancellationToken cancel)
    {
        var (ns, name) = (sink.Metadata.Namespace ?? "", sink.Metadata.Name ?? "");
        Happened(log, ns, name, happening.Reason, happening.Note);
        try
        {
            await api.CreateAsync(Events, ns, SinkRequests.Event(sink, happening, time.GetUtcNow(), options.Instance), cancel);
        }
        catch (KubernetesException failure)
        {
            CannotTell(log, ns, name, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "KollectDatabaseSink {Namespace}/{Name}: {Reason}: {Note}")]
    private static partial void Happened(ILogger log, string @namespace, string name, string reason, string note);

    [LoggerMessage(Level = LogLevel.Debug, Message = "KollectDatabaseSink {Namespace}/{Name} has gone or was changed meanwhile; looked at again in {Wait}")]
    private static partial void Overtaken(ILogger log, string @namespace, string name, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Warning, Message = "KollectDatabaseSink {Namespace}/{Name} could not be reconciled: {Why}; again in {Wait}")]
    private static partial void CannotReconcile(ILogger log, string @namespace, string name, string why, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Warning, Message = "KollectDatabaseSink {Namespace}/{Name}: an event could not be written: {Why}")]
    private static partial void CannotTell(ILogger log, string @namespace, string name, string why);
}
