using Kollect.Core.Kubernetes;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Operator;

/// <summary>Keeps the status of every KollectDatabaseSink true. One instance serves one term of leadership.</summary>
internal sealed class SinkController : IDisposable
{
    /// <summary>The kind that is watched.</summary>
    public static readonly Resource Sinks = new("kollect.dev", "v1alpha1", "kollectdatabasesinks", Namespaced: true);

    private const string Name = "databasesink";

    // Passes that wait for a probe cost next to nothing; more than there are probes, so that one lane's queue never holds up the other.
    private const int ReconcilesPerProbe = 4;

    private readonly IKubernetesApi api;
    private readonly OperatorOptions options;
    private readonly KollectMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly SecretReader secrets;
    private readonly SecretPoll poll;
    private readonly SinkProbe probes;
    private readonly EventRecorder events;
    private readonly ObjectCache<SinkText, CachedSink> sinks = new(static (name, latest) => new CachedSink(name, latest));
    private readonly ReconcileLoop<ObjectName> reconciles;
    private volatile bool areListed;

    public SinkController(
        IKubernetesApi api, OperatorOptions options, SecretReader secrets, DialGuard guard, KollectMetrics metrics, TimeProvider time, ILogger<SinkController> log)
    {
        (this.api, this.options, this.secrets, this.metrics, this.time, this.log) = (api, options, secrets, metrics, time, log);
        poll = new SecretPoll(sinks, secrets, time, log);
        probes = new SinkProbe(options, guard);
        events = new EventRecorder(api, "Probe", options.Instance, time, log);
        reconciles = new ReconcileLoop<ObjectName>(Name, ReconcileAsync, metrics, time, log);
    }

    /// <summary>Somebody wants to know of sinks that have changed, gone, turned ready or not, or whose Secrets have changed. To be set before the start.</summary>
    public Action<SinkName> Changed { get; set; } = static _ => { };

    /// <summary>What is known of a sink.</summary>
    public SinkObservation Look(SinkName name)
    {
        SinkObservation absent = areListed ? new SinkObservation.Missing() : new SinkObservation.NotYet(); // before the look, or one that came between would be missing
        return sinks.Find(new ObjectName(name.Namespace, name.Name))?.Observation ?? absent;
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] parts =
        [
            FollowAsync(stop.Token),
            poll.RunAsync(reconciles.Add, stop.Token),
            reconciles.RunAsync(options.MaxConcurrentProbes * ReconcilesPerProbe, stop.Token),
        ];
        await Task.WhenAny(parts);
        await stop.CancelAsync();
        await Task.WhenAll(parts);
    }

    public void Dispose()
    {
        reconciles.Dispose();
        probes.Dispose();
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        await foreach (var change in ListWatch.FollowAsync(api, Sinks, new Selection(options.Namespace), time, log, cancel))
            switch (change)
            {
                case Change.Seen seen when sinks.Seen(seen.Object, out var sink):
                    reconciles.Add(sink.Name);
                    break;
                case Change.Gone gone:
                    sinks.Gone(gone.Name, gone.Uid);
                    NotifyChanged(gone.Name);
                    break;
                case Change.Listed:
                    areListed = true;
                    break;
            }
    }

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectName name, CancellationToken cancel)
    {
        if (sinks.Find(name) is not { } sink)
            return null;
        var next = await ReconcileAsync(sink, cancel);
        NotifyChanged(name);
        return (next as Requeue.After)?.Time;
    }

    /// <summary>Observe, decide, write; where the decision asks for a probe: probe, decide, write.</summary>
    private async Task<Requeue> ReconcileAsync(CachedSink sink, CancellationToken cancel)
    {
        var text = sink.Latest;
        var looks = await secrets.LookAsync(SinkSecrets.Of(text.Sink, text.Structural), cancel);
        SecretVersion[] versions = [.. looks.Map(look => new SecretVersion(look.Secret, look.Version))];
        sink.Secrets = versions;
        NotifyChanged(sink.Name); // before the probe, which may hang
        var observed = new ObservedSink(text.Sink, text.Structural, SinkSecrets.VersionsOf(versions));

        var hasFailed = sink.State.HasFailed;
        var decision = SinkReconcile.Decide(observed, sink.State, None, time.GetUtcNow(), Random.Shared.NextDouble());
        observed = await WriteAsync(sink, observed, decision, cancel);
        if (decision.Next is not Requeue.AfterProbe probe)
            return decision.Next;

        var result = await probes.RunAsync(probe.Sink, looks, hasFailed, cancel);
        metrics.Probed(probe.Sink, Situation.Of(result));
        decision = SinkReconcile.Decide(observed, sink.State, result, time.GetUtcNow(), Random.Shared.NextDouble());
        await WriteAsync(sink, observed, decision, cancel);
        return decision.Next;
    }

    /// <summary>Writes what was decided; the sink as it stands then.</summary>
    private async Task<ObservedSink> WriteAsync(CachedSink sink, ObservedSink observed, SinkDecision decision, CancellationToken cancel)
    {
        sink.State = decision.State;
        var about = new ObjectIdentity(observed.Sink.ApiVersion, observed.Sink.Kind, observed.Sink.Metadata);
        foreach (var status in decision.Status.ToSeq())
        {
            Answered(sink, await api.ApplyAsync(Sinks, sink.Name, "status", ObjectRequests.Status(about, status), cancel));
            observed = observed with { Sink = observed.Sink with { Status = status } };
        }

        await events.RecordAsync(about, decision.Events, cancel);
        if (!decision.ClearAnnotations.IsEmpty)
            Answered(sink, await api.MergePatchAsync(Sinks, sink.Name, null, ObjectRequests.WithoutAnnotations(decision.ClearAnnotations), cancel));
        return observed;
    }

    /// <summary>What a user changed between our look and our write is told by the answer; the watch then tells nothing new.</summary>
    private void Answered(CachedSink sink, byte[] json)
    {
        if (sinks.Answered(sink, json))
            reconciles.Add(sink.Name);
    }

    private void NotifyChanged(ObjectName name) => Changed(new SinkName(name.Namespace, name.Name));
}
