using System.Diagnostics.Metrics;
using Kollect.Core.Explanations;
using Kollect.Operator.Telemetry;

namespace Kollect.Host.Commands;

/// <summary>The metrics of the operator for <c>kollect explain</c>, in the words of <c>/metrics</c>.</summary>
internal static class MetricTopics
{
    /// <summary>In the order of their names.</summary>
    public static Seq<Topic> All
    {
        get
        {
            List<Topic> topics = [];
            using var listener = new MeterListener();
            listener.InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == KollectMetrics.Name)
                    topics.Add(Of(instrument));
            };
            listener.Start();
            using var metrics = new KollectMetrics();
            return topics.OrderBy(it => it.Name, StringComparer.Ordinal).ToArray().ToSeq();
        }
    }

    private static Topic Of(Instrument instrument) => new(
        "metric",
        instrument.Name,
        instrument.Description ?? "",
        Join(
            Seq1($"type: {TypeOf(instrument)}"),
            instrument.Unit switch
            {
                "s" => Seq1("unit: seconds"),
                "By" => Seq1("unit: bytes"),
                _ => Empty,
            }),
        Empty,
        Empty,
        None);

    private static string TypeOf(Instrument instrument) => instrument switch
    {
        Histogram<double> => "histogram",
        Counter<long> or ObservableCounter<double> => "counter",
        _ => "gauge",
    };
}
