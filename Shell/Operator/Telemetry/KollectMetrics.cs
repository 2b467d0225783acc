using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Kollect.Core.Exports;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Operator.Telemetry;

/// <summary>
/// All metrics of Kollect. Labels have values of closed sets, except for the names of objects in <see cref="Objects"/>; no part of a Secret is one.
/// </summary>
internal sealed class KollectMetrics : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Kollect";

    /// <summary>Emits one span per reconcile.</summary>
    public static ActivitySource Source { get; } = new(Name);

    private readonly Meter meter = new(Name);
    private readonly Counter<long> connectionTests;
    private readonly Counter<long> sinkErrors;
    private readonly Histogram<double> exportSeconds;
    private readonly Counter<long> exports;
    private readonly Counter<long> lostBases;
    private readonly Counter<long> exportRows;
    private readonly Counter<long> exportBytes;
    private readonly Counter<long> reconciles;
    private readonly Histogram<double> reconcileSeconds;
    private readonly Counter<long> watchInterruptions;
    private readonly ConcurrentDictionary<string, DateTimeOffset> watches = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Controller, Func<int> Depth), bool> queues = [];
    private readonly ConcurrentDictionary<string, bool> controllers = new(StringComparer.Ordinal);
    private Func<int> shards = static () => 0;

    /// <summary>Creates all instruments, at zero.</summary>
    public KollectMetrics()
    {
        connectionTests = meter.CreateCounter<long>("kollect_sink_connection_test_total", description: "Probes of sinks by type and result.");
        sinkErrors = meter.CreateCounter<long>(
            "kollect_sink_errors_total", description: "Failed probes and exports by type and class: secret, refused or transient.");
        exportSeconds = meter.CreateHistogram<double>("kollect_export_duration_seconds", unit: "s", description: "Time of an export by type.");
        exports = meter.CreateCounter<long>(
            "kollect_exports_total", description: "Attempts of exports by type and kind: full, changes or look (at rows that others may have changed).");
        lostBases = meter.CreateCounter<long>(
            "kollect_export_basis_lost_total", description: "Exports that became full ones by type, because the destination did not hold the last snapshot.");
        exportRows = meter.CreateCounter<long>("kollect_export_rows_total", description: "Rows by what became of them.");
        exportBytes = meter.CreateCounter<long>("kollect_export_bytes_total", unit: "By", description: "Payload bytes that were exported.");
        reconciles = meter.CreateCounter<long>("kollect_reconcile_total", description: "Reconciles of a controller by result.");
        reconcileSeconds = meter.CreateHistogram<double>("kollect_reconcile_duration_seconds", unit: "s", description: "Time of a reconcile, probes included.");
        watchInterruptions = meter.CreateCounter<long>(
            "kollect_watch_interruptions_total", description: "Failed lists and watches by resource; each is tried again.");
        meter.CreateObservableGauge(
            "kollect_watch_last_answer_timestamp_seconds",
            () => watches.Select(it => new Measurement<double>((it.Value - DateTimeOffset.UnixEpoch).TotalSeconds, Resource(it.Key))),
            unit: "s",
            description: "When the API server last sent objects, a change or a bookmark by resource, in seconds since 1970 (UTC).");
        meter.CreateObservableGauge("kollect_workqueue_depth", Depths, description: "Objects that wait for a reconcile.");
        Objects = new ObjectSeries(meter);
        meter.CreateObservableGauge("kollect_build_info", () => new Measurement<int>(1, Build), description: "1; what the operator was built from.");
        meter.CreateObservableGauge("kollect_leader", () => shards() > 0 ? 1 : 0, description: "1 while the controllers run in this process.");
        meter.CreateObservableGauge(
            "kollect_shards_held", () => shards(), description: "Shards whose controllers run in this process; all replicas together hold --shards.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, unit: "By", description: "Resident memory of the process.");
        meter.CreateObservableGauge("process_start_time_seconds", Started, unit: "s", description: "When the process started, in seconds since 1970 (UTC).");
        meter.CreateObservableCounter(
            "process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, unit: "s", description: "Processor time of the process.");
    }

    /// <summary>The metrics of single inventories and sinks.</summary>
    public ObjectSeries Objects { get; }

    /// <summary>Counts a probe that has ended.</summary>
    public void Probed(Sink sink, Situation outcome)
    {
        connectionTests.Add(1, Type(sink), new("result", outcome.Result));
        if (outcome.IsFailedProbe)
            sinkErrors.Add(1, Type(sink), new("class", outcome.Result));
    }

    /// <summary>Counts an export that has ended. A dry run is not counted: it writes no rows.</summary>
    /// <param name="hasLostBasis">True = it became one in full.</param>
    public void Exported(Sink sink, ExportMethod method, bool hasLostBasis, ExportResult result, TimeSpan time)
    {
        if (result is ExportResult.DryRun)
            return;
        foreach (var kind in hasLostBasis ? [.. Kinds(method), "full"] : Kinds(method))
            exports.Add(1, Type(sink), new("kind", kind));
        if (hasLostBasis)
            lostBases.Add(1, Type(sink));
        exportSeconds.Record(time.TotalSeconds, Type(sink));
        if (result is ExportResult.Failed failed)
            sinkErrors.Add(1, Type(sink), new("class", Situation.Of(new ProbeResult.Failed(failed.Failure)).Result));
        foreach (var outcome in result.Counts.ToSeq())
        {
            foreach (var (op, rows) in Rows(outcome))
                exportRows.Add(rows, new KeyValuePair<string, object?>("op", op));
            exportBytes.Add(outcome.Bytes);
        }
    }

    /// <summary>Counts a reconcile that has ended.</summary>
    /// <param name="controller">Fixed name of the controller.</param>
    /// <param name="succeeded">False = the reconcile will be retried.</param>
    public void Reconciled(string controller, bool succeeded, TimeSpan time)
    {
        reconciles.Add(1, new("controller", controller), new("result", succeeded ? "success" : "error"));
        reconcileSeconds.Record(time.TotalSeconds, new KeyValuePair<string, object?>("controller", controller));
    }

    /// <summary>Counts a failed list or watch.</summary>
    /// <param name="resource">As in RBAC rules: <c>deployments.apps</c>.</param>
    public void WatchInterrupted(string resource) => watchInterruptions.Add(1, Resource(resource));

    /// <summary>Notes an answer of the API server to a list or watch.</summary>
    /// <param name="resource">As in RBAC rules: <c>deployments.apps</c>.</param>
    public void WatchAnswered(string resource, DateTimeOffset now) => watches[resource] = now;

    /// <summary>Adds a queue to those of a controller; <c>kollect_workqueue_depth</c> is the sum of their lengths.</summary>
    public void ObserveQueue(string controller, Func<int> depth)
    {
        controllers[controller] = true;
        queues[(controller, depth)] = true;
    }

    /// <summary>Removes a queue that was added.</summary>
    /// <param name="depth">The same delegate.</param>
    public void ForgetQueue(string controller, Func<int> depth) => queues.TryRemove((controller, depth), out _);

    /// <summary>Sets the source of <c>kollect_shards_held</c> and <c>kollect_leader</c>: the number of shards whose controllers run in this process.</summary>
    public void ObserveShards(Func<int> held) => shards = held;

    /// <summary>True for an instrument of this object; a process may hold others of the same name.</summary>
    internal bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, meter);

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    // The SDK appends the commit to the version: 0.1.0+09e91ef3…
    private static KeyValuePair<string, object?>[] Build { get; } =
        (typeof(KollectMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+', 2) is var parts
            ? [new("version", parts[0]), new("commit", parts.Length > 1 ? parts[1] : "")]
            : [];

    private static double Started()
    {
        using var process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }

    private IEnumerable<Measurement<int>> Depths() => controllers.Keys.Select(controller => new Measurement<int>(
        queues.Keys.Where(it => it.Controller == controller).Sum(it => it.Depth()), new KeyValuePair<string, object?>("controller", controller)));

    private static KeyValuePair<string, object?> Resource(string resource) => new("resource", resource);

    private static KeyValuePair<string, object?> Type(Sink sink) => new("type", sink.Location.Backend.WireName());

    private static string[] Kinds(ExportMethod method) => method switch
    {
        ExportMethod.Full => ["full"],
        ExportMethod.Look => ["look"],
        ExportMethod.Changes it => it.Looks ? ["changes", "look"] : ["changes"],
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<(string Op, long Rows)> Rows(ExportOutcome it) =>
    [
        ("inserted", it.Inserted), ("updated", it.Updated), ("unchanged", it.Unchanged), ("deleted", it.Deleted),
        ("adopted", it.Adopted), ("duplicates", it.Duplicates), ("sanitized", it.Sanitized), ("rejected", it.Rejected),
    ];
}
