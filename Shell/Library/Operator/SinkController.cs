using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Operator;

/// <summary>Keeps the status of every KollectDatabaseSink current. One instance serves one term of leadership.</summary>
internal sealed class SinkController : IDisposable
{
    /// <summary>The kind that is watched.</summary>
    public static readonly Resource Sinks = new("kollect.dev", "v1alpha1", "kollectdatabasesinks", Namespaced: true);

    private const string Name = "databasesink";

    // Reconciles that wait for a probe cost next to nothing; more than there are probes, so that probes of failing sinks do not delay the others.
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
    private readonly ObjectCache<SinkObject, CachedSink> sinks = new(static (name, latest) => new CachedSink(name, latest));
    private readonly ReconcileLoop<ObjectName> reconciles;
    private volatile bool areListed;

    public SinkController(
        IKubernetesApi api,
        OperatorOptions options,
        SecretReader secrets,
        DialGuard guard,
        KollectMetrics metrics,
        TimeProvider time,
        ILogger<SinkController> log)
    {
        (this.api, this.options, this.secrets, this.metrics, this.time, this.log) = (api, options, secrets, metrics, time, log);
        poll = new SecretPoll(sinks, secrets, time, log);
        probes = new SinkProbe(options, guard);
        events = new EventRecorder(api, "Probe", options.Reporter, time, log);
        reconciles = new ReconcileLoop<ObjectName>(Name, ReconcileAsync, metrics, time, log);
    }

    /// <summary>Called with sinks that were changed or deleted, whose readiness changed, or whose Secrets changed. Set before the start.</summary>
    public Action<SinkName> Changed { get; set; } = static _ => { };

    /// <summary>The current observation of each of these sinks.</summary>
    public HashMap<SinkName, SinkObservation> Observe(Seq<SinkName> names)
    {
        // Read first, or a sink that arrives now would be missing.
        SinkObservation absent = areListed ? new SinkObservation.Missing() : new SinkObservation.NotYet();
        return toHashMap(names.Map(name => (name, sinks.Find(new ObjectName(name.Namespace, name.Name))?.Observation ?? absent)));
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

    /// <summary>Observes, decides and writes the status; where the decision requests a probe, probes, decides and writes again.</summary>
    private async Task<Requeue> ReconcileAsync(CachedSink sink, CancellationToken cancel)
    {
        var latest = sink.Latest;
        var read = await secrets.ReadAsync(latest.Spec.Match(Right: it => it.Secrets, Left: _ => Empty), cancel);
        SecretVersion[] versions = [.. read.Map(it => new SecretVersion(it.Secret, it.Version))];
        sink.Secrets = versions;
        NotifyChanged(sink.Name); // before the probe, which may hang
        var observed = new SinkObservation.Present(latest, SinkSecrets.VersionsOf(versions));

        var hasFailed = sink.State.HasFailed;
        var decision = SinkReconcile.Decide(observed, sink.State, None, time.GetUtcNow(), Random.Shared.NextDouble());
        observed = await WriteAsync(sink, observed, decision, cancel);
        if (decision.Next is not Requeue.AfterProbe probe)
            return decision.Next;

        var result = await probes.RunAsync(probe.Sink, read, hasFailed, cancel);
        metrics.Probed(probe.Sink, Situation.Of(result));
        decision = SinkReconcile.Decide(observed, sink.State, result, time.GetUtcNow(), Random.Shared.NextDouble());
        await WriteAsync(sink, observed, decision, cancel);
        return decision.Next;
    }

    /// <summary>Writes the decided status; returns the sink with that status.</summary>
    private async Task<SinkObservation.Present> WriteAsync(CachedSink sink, SinkObservation.Present observed, SinkDecision decision, CancellationToken cancel)
    {
        sink.State = decision.State;
        var about = observed.Sink.Identity;
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

    /// <summary>A change that a user made between observation and write arrives with the answer; the watch then brings nothing new.</summary>
    private void Answered(CachedSink sink, byte[] json)
    {
        if (sinks.Answered(sink, json))
            reconciles.Add(sink.Name);
    }

    private void NotifyChanged(ObjectName name) => Changed(new SinkName(name.Namespace, name.Name));
}
