using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Reconciling;
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
    private readonly TrackedSinks sinks = new();
    private readonly WorkQueue<ObjectName> queue;

    public SinkController(IKubernetesApi api, OperatorOptions options, KollectMetrics metrics, TimeProvider time, ILogger<SinkController> log)
    {
        (this.api, this.options, this.metrics, this.time, this.log) = (api, options, metrics, time, log);
        secrets = new SecretReader(api);
        poll = new SecretPoll(sinks, secrets, time, log);
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
                case Change.Seen seen when sinks.Seen(seen.Object, out var sink):
                    queue.Add(sink.Name);
                    break;
                case Change.Gone gone:
                    sinks.Gone(gone.Name, gone.Uid);
                    break;
            }
    }

    private async Task ReconcileAsync(ObjectName name, CancellationToken cancel)
    {
        if (sinks.Find(name) is not { } sink)
            return;
        using var activity = KollectMetrics.Source.StartActivity("reconcile " + Name);
        var started = time.GetTimestamp();
        try
        {
            if (await ReconcileAsync(sink, cancel) is NextLook.At at)
                queue.AddAfter(name, at.Time - time.GetUtcNow());
            sink.FailuresInARow = 0;
        }
        catch (KubernetesException failure)
        {
            CannotReconcile(log, name.Namespace, name.Name, failure.Message, TryAgain(sink, failure.RetryAfter));
        }
        catch (Exception defect) when (!cancel.IsCancellationRequested)
        {
            // One sink's misfortune is not that of all others. The message of an unexpected exception may quote a Secret; its type and place never do.
            Defect(log, name.Namespace, name.Name, defect.GetType().Name, defect.StackTrace, TryAgain(sink, null));
        }
        finally
        {
            metrics.Reconciled(Name, succeeded: sink.FailuresInARow == 0, time.GetElapsedTime(started));
        }
    }

    private TimeSpan TryAgain(TrackedSink sink, TimeSpan? asked)
    {
        var wait = Backoff.OfApiServer.After(++sink.FailuresInARow, Random.Shared.NextDouble(), asked ?? TimeSpan.Zero);
        queue.AddAfter(sink.Name, wait);
        return wait;
    }

    /// <summary>Observe, decide, write; where the decision asks for a probe: probe, decide, write.</summary>
    private async Task<NextLook> ReconcileAsync(TrackedSink sink, CancellationToken cancel)
    {
        var text = sink.Text;
        var looks = await secrets.LookAsync(SinkSecrets.Of(text.Sink, text.Structural), cancel);
        sink.Secrets = [.. looks.Map(look => new SecretVersion(look.Secret, look.Version))];
        var observed = new SinkObservation(text.Sink, text.Structural, SinkSecrets.VersionsOf(looks));

        var hasFailed = sink.Memory.HasFailed;
        var decision = SinkReconcile.Decide(observed, sink.Memory, None, time.GetUtcNow(), Random.Shared.NextDouble());
        observed = await WriteAsync(sink, observed, decision, cancel);
        if (decision.Next is not NextLook.AfterProbe probe)
            return decision.Next;

        var result = await probes.RunAsync(probe.Sink, looks, hasFailed, cancel);
        metrics.Probed(probe.Sink, Situation.Of(result));
        decision = SinkReconcile.Decide(observed, sink.Memory, result, time.GetUtcNow(), Random.Shared.NextDouble());
        await WriteAsync(sink, observed, decision, cancel);
        return decision.Next;
    }

    /// <summary>Writes what was decided; the sink as it stands then.</summary>
    private async Task<SinkObservation> WriteAsync(TrackedSink sink, SinkObservation observed, SinkDecision decision, CancellationToken cancel)
    {
        sink.Memory = decision.Memory;
        foreach (var status in decision.Status.ToSeq())
        {
            Answered(sink, await api.ApplyAsync(Sinks, sink.Name, "status", SinkRequests.Status(observed.Sink, status), cancel));
            observed = observed with { Sink = observed.Sink with { Status = status } };
        }

        foreach (var happening in decision.Events)
            await TellAsync(observed.Sink, happening, cancel);
        if (!decision.ClearAnnotations.IsEmpty)
            Answered(sink, await api.MergePatchAsync(Sinks, sink.Name, null, SinkRequests.WithoutAnnotations(decision.ClearAnnotations), cancel));
        return observed;
    }

    /// <summary>What a user changed between our look and our write is told by the answer; the watch then tells nothing new.</summary>
    private void Answered(TrackedSink sink, byte[] json)
    {
        if (sinks.Answered(sink, json))
            queue.Add(sink.Name);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "KollectDatabaseSink {Namespace}/{Name} could not be reconciled: {Why}; again in {Wait}")]
    private static partial void CannotReconcile(ILogger log, string @namespace, string name, string why, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Error, Message = "KollectDatabaseSink {Namespace}/{Name}: a defect of this program ({Type}), please report it; again in {Wait}\n{Place}")]
    private static partial void Defect(ILogger log, string @namespace, string name, string type, string? place, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Warning, Message = "KollectDatabaseSink {Namespace}/{Name}: an event could not be written: {Why}")]
    private static partial void CannotTell(ILogger log, string @namespace, string name, string why);
}
