using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;

namespace Kollect.Operator.Telemetry;

/// <summary>
/// The metrics with names of objects as labels. They are read from the controllers whenever somebody asks for them, so that an object that is gone has none,
/// and their number is bounded.
/// </summary>
internal sealed class ObjectSeries
{
    /// <summary>The number of inventories at sinks, and of sinks, that have series; those that come first in the order of their names.</summary>
    public const int Most = 1_000;

    private readonly ConcurrentDictionary<Func<IEnumerable<InventoryFreshness>>, bool> inventories = [];
    private readonly ConcurrentDictionary<Func<IEnumerable<SinkReady>>, bool> sinks = [];

    /// <summary>Creates the instruments.</summary>
    public ObjectSeries(Meter meter)
    {
        meter.CreateObservableGauge(
            "kollect_inventory_last_success_timestamp_seconds",
            () => Of(it => it.LastSuccess.Map(Seconds)),
            unit: "s",
            description: "The time of the snapshot that the rows were last written from, in seconds since 1970 (UTC); changes alone move it.");
        meter.CreateObservableGauge(
            "kollect_inventory_last_verified_timestamp_seconds",
            () => Of(it => it.LastVerified.Map(Seconds)),
            unit: "s",
            description: "The time of the newest snapshot that the rows were found to be, in seconds since 1970 (UTC); each look at the rows moves it.");
        meter.CreateObservableGauge(
            "kollect_inventory_items", () => Of(it => it.Items.Map(count => (double)count)), description: "Items of the snapshot that was last exported.");
        meter.CreateObservableGauge("kollect_sink_ready", Ready, description: "1 = the sink is ready, 0 = it is not, or not known yet.");
        meter.CreateObservableGauge(
            "kollect_object_series_omitted",
            Omitted,
            description: $"Inventories at sinks, and sinks, without series of their own, because there are more than {Most} of them in this process.");
    }

    /// <summary>Adds a source of inventories.</summary>
    public void Add(Func<IEnumerable<InventoryFreshness>> source) => inventories[source] = true;

    /// <summary>Adds a source of sinks.</summary>
    public void Add(Func<IEnumerable<SinkReady>> source) => sinks[source] = true;

    /// <summary>Removes a source that was added.</summary>
    public void Remove(Func<IEnumerable<InventoryFreshness>> source) => inventories.TryRemove(source, out _);

    /// <summary>Removes a source that was added.</summary>
    public void Remove(Func<IEnumerable<SinkReady>> source) => sinks.TryRemove(source, out _);

    private IEnumerable<Measurement<double>> Of(Func<RefFreshness, Option<double>> value) =>
        from it in Inventories.OrderBy(it => $"{it.Inventory} {it.At.Sink}", StringComparer.Ordinal).Take(Most)
        from measured in value(it.At).ToSeq()
        select new Measurement<double>(
            measured, new("namespace", it.Inventory.Namespace), new("inventory", it.Inventory.Name), new("sink", $"{it.At.Sink}"));

    private IEnumerable<Measurement<int>> Ready() =>
        from it in Sinks.OrderBy(it => $"{it.Sink}", StringComparer.Ordinal).Take(Most)
        select new Measurement<int>(it.IsReady ? 1 : 0, new("namespace", it.Sink.Namespace), new("sink", $"{it.Sink}"));

    private IEnumerable<Measurement<int>> Omitted() =>
    [
        new(Math.Max(0, Inventories.Count() - Most), new KeyValuePair<string, object?>("object", "inventory")),
        new(Math.Max(0, Sinks.Count() - Most), new KeyValuePair<string, object?>("object", "sink")),
    ];

    private IEnumerable<InventoryFreshness> Inventories => inventories.Keys.SelectMany(source => source());

    private IEnumerable<SinkReady> Sinks => sinks.Keys.SelectMany(source => source());

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;
}

/// <summary>How fresh the rows of one inventory are at one of its sinks.</summary>
internal sealed record InventoryFreshness(InventoryName Inventory, RefFreshness At);

/// <summary>Whether a sink is ready.</summary>
internal sealed record SinkReady(SinkName Sink, bool IsReady);
