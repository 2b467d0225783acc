using System.Diagnostics.Metrics;
using Kollect.Operator.Telemetry;
using Kollect.Shell.Tests.Telemetry;

namespace Kollect.Shell.Tests.ReferencePages;

public sealed class MetricPageTests
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["Counter`1"] = "Counter",
        ["ObservableCounter`1"] = "Counter",
        ["ObservableGauge`1"] = "Gauge",
        ["Histogram`1"] = "Histogram",
    };

    private static readonly string[] Controllers = ["databasesink", "inventory", "inventoryreport", "target"];

    [Fact]
    public void Every_metric_has_its_place_on_the_page()
    {
        using var measured = new PrometheusTextTests();
        var labels = Exposition.Read(measured.Everything()).Labelled;
        var instruments = Instruments();
        Assert.All(instruments, it => Assert.EndsWith(".", it.Description, StringComparison.Ordinal));
        Assert.Equal(instruments.Select(it => it.Name), labels.Keys.Order(StringComparer.Ordinal));

        var page = new ReferencePage(
            "Metrics",
            "What the operator serves at `/metrics` of its HTTP port (`--http-port`), in the text format of Prometheus. With "
            + "`OTEL_EXPORTER_OTLP_ENDPOINT` set the same "
            + "metrics go there.");
        page.Paragraph(
            "Labels have values of closed sets, so that their number is bounded; no part of a Secret is one. Inventories and sinks have names, "
            + $"therefore each process serves the series of {ObjectSeries.Most:N0} inventories at sinks, and of {ObjectSeries.Most:N0} sinks, the first "
            + "in the order of their names; `kollect_object_series_omitted` counts the rest. Where a Prometheus adds the namespace of the operator, "
            + "it calls the label `namespace` of these `exported_namespace`, unless it scrapes with `honorLabels`. A histogram has "
            + "`_bucket`, `_sum` and `_count` behind its name.");
        foreach (var it in instruments)
        {
            var unit = it.Unit switch { "s" => ", seconds", "By" => ", bytes", _ => "" };
            page.Heading(2, $"`{it.Name}`").Paragraph($"{Words[it.GetType().Name]}{unit}: {it.Description}");
            if (labels[it.Name] is { Count: > 0 } of)
                page.Items(of.Where(label => label.Key != "le").Select(label => (label.Key, "", Values(label.Key, label.Value))));
        }

        page.Verify("metrics.md");
    }

    /// <summary>Of labels with many values in words, of the others those that are measured.</summary>
    private static string Values(string label, IEnumerable<string> measured) => label switch
    {
        "type" => "The backend of the sink: `postgres`, `mongodb` or `bigquery`.",
        "resource" => "Plural and group of a kind, as in RBAC rules: `deployments.apps`.",
        "controller" => $"{string.Join(", ", Controllers.Select(it => $"`{it}`"))}.",
        "namespace" => "The namespace of the inventory or sink; `_cluster` for a KollectClusterInventory.",
        "inventory" => "The name of the inventory.",
        "sink" => "Namespace and name of the sink: `platform/warehouse`.",
        "version" => "As `kollect version` prints it.",
        "commit" => "As `kollect version` prints it; empty where it is not known.",
        _ => $"{string.Join(", ", measured.Select(value => $"`{value}`"))}.",
    };

    private static Instrument[] Instruments()
    {
        using var metrics = new KollectMetrics();
        using var listener = new MeterListener();
        var found = new List<Instrument>();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (metrics.Owns(instrument))
                found.Add(instrument);
        };
        listener.Start();
        return [.. found.OrderBy(it => it.Name, StringComparer.Ordinal)];
    }
}
