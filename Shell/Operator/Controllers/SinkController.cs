using Kollect.Core.Exports;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Kollect.Shell.Concurrency;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Controllers;

/// <summary>
/// Keeps the status of every KollectDatabaseSink of a shard current. One instance serves one term of leadership. Of the sinks of other shards it reads
/// those alone that inventories of this shard use, and writes nothing.
/// </summary>
internal sealed class SinkController : IDisposable
{
    /// <summary>The kind that is watched.</summary>
    public static readonly Resource Sinks = new("kollect.dev", "v1alpha1", "kollectdatabasesinks", Namespaced: true);

    private const string Name = "databasesink";

    // Reconciles that wait for a probe cost next to nothing. A namespace has a quarter of them, as of the probes: four times as many as probes, so that
    // probes of its failing sinks do not delay its others.
    private const int ReconcilesPerProbe = 16;

    private readonly IKubernetesApi api;
    private readonly Shard shard;
    private readonly OperatorOptions options;
    private readonly KollectMetrics metrics;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly SecretReader secrets;
    private readonly SecretPoll poll;
    private readonly SinkProbe probes;
    private readonly EventRecorder events;
    private readonly EndingNamespaces namespaces;
    private readonly ObjectCache<SinkObject, CachedSink> sinks = new(static (name, latest) => new CachedSink(name, latest));
    private readonly ReconcileLoop<ObjectName> reconciles;
    private readonly int atOnce;
    private volatile bool areListed;

    /// <param name="shard">The shard whose sinks are probed.</param>
    /// <param name="secrets">Reads the Secrets of sinks.</param>
    /// <param name="probes">Runs the probes.</param>
    /// <param name="metrics">Counts reconciles and probes.</param>
    public SinkController(
        IKubernetesApi api,
        Shard shard,
        OperatorOptions options,
        SecretReader secrets,
        SinkProbe probes,
        KollectMetrics metrics,
        TimeProvider time,
        ILogger<SinkController> log)
    {
        (this.api, this.shard, this.options, this.secrets, this.probes) = (api, shard, options, secrets, probes);
        (this.metrics, this.time, this.log) = (metrics, time, log);
        poll = new SecretPoll(sinks, secrets, options.CrossNamespaceSecrets, options.SecretInterval, time, log);
        namespaces = new EndingNamespaces(api);
        events = new EventRecorder(api, "Probe", options.Reporter, time, log);
        atOnce = options.MaxConcurrentProbes * ReconcilesPerProbe;
        reconciles = new ReconcileLoop<ObjectName>(
            Name, ReconcileAsync, static name => name.Namespace, options.HasTenants ? FairSlots.QuarterOf(atOnce) : null, metrics, time, log);
        metrics.Objects.Add(Readiness);
    }

    /// <summary>Called with sinks that were changed or deleted, whose readiness changed, or whose Secrets changed. Set before the start.</summary>
    public Action<SinkName> Changed { get; set; } = static _ => { };

    /// <summary>Returns the inventories that use a sink; <see cref="UseChanged(SinkName)"/> is called when they have changed. Set before the start.</summary>
    public Func<SinkName, SinkUse> Use { get; set; } = static _ => new SinkUse(Empty, IsComplete: false, NamespaceEnds: false);

    /// <summary>Reconciles the sink if the change concerns it.</summary>
    public void UseChanged(SinkName name)
    {
        if (sinks.Find(new ObjectName(name.Namespace, name.Name)) is { } sink)
            UseChanged(sink);
    }

    /// <summary>All inventories are known now.</summary>
    public void UseIsComplete()
    {
        foreach (var sink in sinks.All)
            UseChanged(sink);
    }

    /// <summary>The current observation of each of these sinks.</summary>
    public HashMap<SinkName, SinkObservation> Observe(Seq<SinkName> names)
    {
        // Read first, or a sink that arrives now would be missing.
        SinkObservation absent = areListed ? new SinkObservation.Missing() : new SinkObservation.NotYet();
        return toHashMap(names.Map(name => (name, sinks.Find(new ObjectName(name.Namespace, name.Name)) is { } sink ? Observe(sink) : absent)));
    }

    private SinkObservation Observe(CachedSink sink)
    {
        if (!sink.IsObserved)
        {
            sink.IsObserved = true;
            if (!shard.Owns(sink.Uid))
                reconciles.Add(sink.Name);
        }

        return sink.Observation;
    }

    /// <summary>An inventory of another shard has exported through a sink.</summary>
    public void ExportedElsewhere(SinkName name)
    {
        if (sinks.Find(new ObjectName(name.Namespace, name.Name)) is { HasExported: false } sink && shard.Owns(sink.Uid))
            Exported(sink, hasFailed: false, otherSecrets: false);
    }

    /// <summary>The present version of a sink; None = it does not exist, or has not been read yet.</summary>
    public Option<SinkVersion> VersionOf(SinkName name) =>
        sinks.Find(new ObjectName(name.Namespace, name.Name))?.Observation is SinkObservation.Present it ? it.Version : Option<SinkVersion>.None;

    /// <summary>
    /// An export through a sink has ended. The sink is reconciled after the first success, if that has created something, and where other Secrets were read.
    /// </summary>
    /// <param name="read">None = it has read none.</param>
    public void Exported(SinkName name, Option<Seq<SecretReadResult>> read, ExportResult result)
    {
        if (sinks.Find(new ObjectName(name.Namespace, name.Name)) is { } sink)
            Exported(sink, result is ExportResult.Failed, read.Exists(it => sink.Secrets?.Text != new SecretsRead(it, time.GetUtcNow()).Text));
    }

    private void Exported(CachedSink sink, bool hasFailed, bool otherSecrets)
    {
        var wasOutdated = sink.IsOutdated;
        sink.Exported(hasFailed, time.GetUtcNow());
        if (otherSecrets || (sink.IsOutdated && !wasOutdated))
            reconciles.Add(sink.Name);
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] parts =
        [
            FollowAsync(stop.Token),
            poll.RunAsync(reconciles.Add, stop.Token),
            reconciles.RunAsync(atOnce, stop.Token),
        ];
        await Task.WhenAny(parts);
        await stop.CancelAsync();
        await Task.WhenAll(parts);
    }

    public void Dispose()
    {
        metrics.Objects.Remove(Readiness);
        reconciles.Dispose();
    }

    private IEnumerable<SinkReady> Readiness() => sinks.All.Where(it => shard.Owns(it.Uid)).Select(it => new SinkReady(
        new SinkName(it.Name.Namespace, it.Name.Name), SinkNode.Of(it.Latest).State.IsReady));

    private async Task FollowAsync(CancellationToken cancel)
    {
        await foreach (var change in ListWatch.FollowAsync(api, Sinks, new Selection(options.Namespace), metrics, time, log, cancel))
            switch (change)
            {
                case Change.Seen seen:
                    Seen(seen.Object);
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

    /// <summary>The status of a sink of another shard arrives here, and whether it is ready is part of its observation.</summary>
    private void Seen(byte[] json)
    {
        var isChanged = sinks.Seen(json, out var sink);
        if (sink is null)
            return;
        if (isChanged)
            reconciles.Add(sink.Name);
        else if (sink.IsObserved && !shard.Owns(sink.Uid))
            NotifyChanged(sink.Name);
    }

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectName name, CancellationToken cancel)
    {
        if (sinks.Find(name) is not { } sink)
            return null;
        if (!shard.Owns(sink.Uid))
        {
            if (sink.IsObserved)
                await ReadAsync(sink, cancel);
            NotifyChanged(name);
            return null;
        }

        var next = await ReconcileAsync(sink, cancel);
        NotifyChanged(name);
        return (next as Requeue.After)?.Time;
    }

    /// <summary>Observes, decides and writes the status; where the decision requests a probe, probes, decides and writes again.</summary>
    private async Task<Requeue> ReconcileAsync(CachedSink sink, CancellationToken cancel)
    {
        var (latest, read, versions) = await ReadAsync(sink, cancel);
        NotifyChanged(sink.Name); // before the probe, which may hang
        var observed = new SinkObservation.Present(latest, versions.Text, sink.HasExported) { Use = await UseAsync(latest, cancel) };

        var hasFailed = sink.State.HasFailed;
        var decision = SinkReconcile.Decide(observed, sink.State, None, time.GetUtcNow(), Random.Shared.NextDouble());
        observed = await WriteAsync(sink, observed, decision, cancel);
        if (decision.Next is not Requeue.AfterProbe probe)
            return decision.Next;

        sink.Probing();
        var result = await probes.RunAsync(probe.Sink, read, hasFailed, cancel);
        metrics.Probed(probe.Sink, Situation.Of(result));
        decision = SinkReconcile.Decide(observed, sink.State, result, time.GetUtcNow(), Random.Shared.NextDouble());
        await WriteAsync(sink, observed, decision, cancel);
        if (sink.IsOutdated)
            reconciles.Add(sink.Name); // the export ended while the probe ran
        return decision.Next;
    }

    /// <summary>Reads the Secrets of a sink as it is now.</summary>
    private async Task<(SinkObject Latest, Seq<SecretReadResult> Read, SecretsRead Versions)> ReadAsync(CachedSink sink, CancellationToken cancel)
    {
        var latest = sink.Latest;
        var read = await latest.Spec.MatchAsync(
            RightAsync: async it =>
                SinkSecrets.Permit(options.CrossNamespaceSecrets, it, await secrets.ReadAsync(sink.Name.Namespace, it.Secrets, cancel)),
            Left: _ => Seq<SecretReadResult>());
        var versions = new SecretsRead(read, time.GetUtcNow());
        sink.Read(versions);
        return (latest, read, versions);
    }

    /// <summary>Writes the decided status; returns the sink with that status.</summary>
    private async Task<SinkObservation.Present> WriteAsync(CachedSink sink, SinkObservation.Present observed, SinkDecision decision, CancellationToken cancel)
    {
        sink.State = decision.State;
        var about = observed.Sink.Identity;
        foreach (var status in decision.Status.ToSeq())
        {
            Answered(sink, await api.ApplyAsync(Sinks, sink.Name, "status", ObjectRequests.Status(about, status.WriteJson), cancel));
            observed = observed with { Sink = observed.Sink with { Status = status } };
        }

        await events.RecordAsync(about, decision.Events, cancel);
        foreach (var finalizers in decision.Finalizers.ToSeq())
        {
            Answered(sink, await api.MergePatchAsync(Sinks, sink.Name, null, ObjectRequests.Finalizers(sink.Latest.Identity, finalizers), cancel));
            var metadata = about.Metadata with { Finalizers = [.. finalizers] };
            observed = observed with { Sink = observed.Sink with { Identity = about with { Metadata = metadata } } };
        }

        if (!decision.ClearAnnotations.IsEmpty)
            Answered(sink, await api.MergePatchAsync(Sinks, sink.Name, null, ObjectRequests.WithoutAnnotations(decision.ClearAnnotations), cancel));
        return observed;
    }

    private void UseChanged(CachedSink sink)
    {
        if (!shard.Owns(sink.Uid))
            return;
        if (sink.Latest.Metadata.DeletionTimestamp is not null || SinkProtection.Finalizers(sink.Latest, UseOf(sink.Latest)).IsSome)
            reconciles.Add(sink.Name);
    }

    private SinkUse UseOf(SinkObject sink) => Use(new SinkName(sink.Identity.Namespace, sink.Identity.Name));

    private async Task<SinkUse> UseAsync(SinkObject sink, CancellationToken cancel)
    {
        var use = UseOf(sink);
        return sink.Metadata.DeletionTimestamp is null
            ? use
            : use with { NamespaceEnds = !(await namespaces.AmongAsync(Seq1(sink.Identity.Namespace), cancel)).IsEmpty };
    }

    /// <summary>A change that a user made between observation and write arrives with the answer; the watch then brings nothing new.</summary>
    private void Answered(CachedSink sink, byte[] json)
    {
        if (sinks.Answered(sink, json))
            reconciles.Add(sink.Name);
    }

    private void NotifyChanged(ObjectName name) => Changed(new SinkName(name.Namespace, name.Name));
}
