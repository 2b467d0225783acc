using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Kollect.Core.Formatting;

namespace Kollect.Operator.Telemetry;

/// <summary>Adds up the measurements of <see cref="KollectMetrics"/> and prints them in Prometheus' text format 0.0.4.</summary>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>Content type of the answer.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private readonly Lock gate = new();
    private readonly MeterListener listener = new();
    private readonly SortedDictionary<string, Family> families = new(StringComparer.Ordinal);
    private long round;

    /// <summary>Starts to listen; earlier measurements are not included.</summary>
    /// <param name="metrics">The only metrics that are printed; others of the same process are ignored.</param>
    public PrometheusText(KollectMetrics metrics)
    {
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (!metrics.Owns(instrument))
                return;
            lock (gate)
                families.TryAdd(instrument.Name, new Family(instrument.Description ?? "", KindOf(instrument)));
            it.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        listener.Start();
    }

    private enum Kind
    {
        Counter,
        Gauge,
        Histogram,
    }

    /// <summary>Prints all families in the order of their names; what an observable instrument no longer measures is dropped.</summary>
    public string Write()
    {
        var began = Interlocked.Increment(ref round);
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (gate)
            foreach (var (name, family) in families)
            {
                foreach (var gone in family.Series.Where(it => it.Value is Value value && value.Round < began).Select(it => it.Key).ToArray())
                    family.Series.Remove(gone);
                text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {Escaped(family.Help, quotes: false)}\n");
                text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {family.Kind.ToString().ToLowerInvariant()}\n");
                foreach (var (labels, series) in family.Series)
                    series.Write(text, name, labels);
            }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private static Kind KindOf(Instrument instrument) => instrument switch
    {
        Histogram<double> => Kind.Histogram,
        ObservableGauge<int> or ObservableGauge<long> or ObservableGauge<double> => Kind.Gauge,
        _ => Kind.Counter,
    };

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        // type="postgres",result="success"
        var labels = new StringBuilder();
        foreach (var (key, label) in tags)
            labels.Append(labels.Length == 0 ? "" : ",").Append(key).Append("=\"").Append(Escaped(label?.ToString() ?? "", quotes: true)).Append('"');
        lock (gate)
        {
            var family = families[instrument.Name];
            if (!family.Series.TryGetValue(labels.ToString(), out var series))
                family.Series.Add(labels.ToString(), series = family.Kind == Kind.Histogram ? new Buckets() : new Value(isSet: instrument.IsObservable));
            series.Add(value);
            if (instrument.IsObservable && series is Value observed)
                observed.Round = Interlocked.Read(ref round);
        }
    }

    private static string Escaped(string text, bool quotes)
    {
        text = Shown.PlainLines(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    private sealed record Family(string Help, Kind Kind)
    {
        public SortedDictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);
    }

    private abstract class Series
    {
        public abstract void Add(double value);

        public abstract void Write(StringBuilder text, string name, string labels);

        // kollect_sink_connection_test_total{type="postgres",result="success"} 3
        protected static void Line(StringBuilder text, string name, string labels, double value) =>
            text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(CultureInfo.InvariantCulture, $" {value}\n");
    }

    /// <summary>A counter or gauge; a measurement of an observable instrument replaces the last one.</summary>
    private sealed class Value(bool isSet) : Series
    {
        private double sum;

        /// <summary>The last call of <see cref="PrometheusText.Write"/> that has measured it; one that is not observable is never dropped.</summary>
        public long Round { get; set; } = long.MaxValue;

        public override void Add(double value) => sum = isSet ? value : sum + value;

        public override void Write(StringBuilder text, string name, string labels) => Line(text, name, labels, sum);
    }

    private sealed class Buckets : Series
    {
        private readonly long[] counts = new long[Bounds.Length + 1];
        private double sum;

        public override void Add(double value)
        {
            var bucket = System.Array.FindIndex(Bounds, bound => value <= bound);
            counts[bucket < 0 ? Bounds.Length : bucket]++;
            sum += value;
        }

        public override void Write(StringBuilder text, string name, string labels)
        {
            var prefix = labels.Length == 0 ? "" : labels + ",";
            var total = 0L;
            for (var i = 0; i <= Bounds.Length; i++)
            {
                total += counts[i];
                Line(text, name + "_bucket", string.Create(CultureInfo.InvariantCulture, $"{prefix}le=\"{(i < Bounds.Length ? Bounds[i] : "+Inf")}\""), total);
            }

            Line(text, name + "_sum", labels, sum);
            Line(text, name + "_count", labels, total);
        }
    }
}
