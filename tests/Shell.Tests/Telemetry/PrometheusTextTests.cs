using System.Text;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Operator.Telemetry;

namespace Kollect.Shell.Tests.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private const string Confidential = "s3cret";

    private static readonly Sink Postgres = Read(
        """{ "type": "postgres", "cluster": "s3cret", "postgres": { "databaseRef": { "name": "s3cret" }, "table": "s3cret" } }""");
    private static readonly Sink MongoDb = Read(
        """{ "type": "mongodb", "mongodb": { "databaseRef": { "name": "s3cret" }, "database": "d", "collection": "c" } }""");
    private static readonly Sink BigQuery = Read("""{ "type": "bigquery", "bigquery": { "project": "acme-prod", "dataset": "d", "table": "t" } }""");

    private static readonly ExportMethod Full = new ExportMethod.Full("");

    private readonly KollectMetrics metrics = new();
    private readonly PrometheusText text;

    public PrometheusTextTests() => text = new PrometheusText(metrics);

    public void Dispose()
    {
        text.Dispose();
        metrics.Dispose();
    }

    [Fact]
    public void Every_measurement_is_printed()
    {
        MeasureEverything();
        var ended = () => 4;
        metrics.ObserveQueue("databasesink", ended);
        metrics.ForgetQueue("databasesink", ended);
        metrics.ObserveQueue("databasesink", () => 1);
        metrics.ObserveQueue("databasesink", () => 2);
        metrics.ObserveShards(() => 2);
        MeasureObjects();
        var printed = text.Write();
        Exposition.Read(printed);
        var withoutProcess = printed.Split('\n').Where(line =>
            !line.StartsWith("process_", StringComparison.Ordinal) && !line.StartsWith("kollect_build_info{", StringComparison.Ordinal));
        Golden.Verify(string.Join('\n', withoutProcess).TrimEnd('\n'), "telemetry/metrics.txt");
    }

    [Fact]
    public void Only_labels_of_closed_sets_are_printed()
    {
        MeasureEverything();
        var printed = text.Write();
        var closed = new Dictionary<string, string[]>
        {
            ["type"] = ["postgres", "mongodb", "bigquery"],
            ["result"] = ["success", "secret", "refused", "transient", "error"],
            ["class"] = ["secret", "refused", "transient"],
            ["kind"] = ["full", "changes", "look"],
            ["op"] = ["inserted", "updated", "unchanged", "deleted", "adopted", "duplicates", "sanitized", "rejected"],
            ["controller"] = ["databasesink"],
            ["object"] = ["inventory", "sink"],
        };
        foreach (var (name, value) in Exposition.Read(printed).Labels.Where(label => label.Name is not ("le" or "version" or "commit")))
            Assert.Contains(value, closed[name]);
        Assert.DoesNotContain(Confidential, printed);
    }

    [Fact]
    public void A_dry_run_counts_nothing()
    {
        metrics.Exported(Postgres, Full, hasLostBasis: false, new ExportResult.DryRun(Outcome), TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(Exposition.Read(text.Write()).Samples, sample => sample.StartsWith("kollect_export", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bucket_includes_its_bound_and_all_values_below()
    {
        foreach (var seconds in new[] { 0.005, 0.006, 300, 301 })
            metrics.Reconciled("databasesink", succeeded: true, TimeSpan.FromSeconds(seconds));
        var printed = Exposition.Read(text.Write());
        double Bucket(string bound) => printed[$"kollect_reconcile_duration_seconds_bucket{{controller=\"databasesink\",le=\"{bound}\"}}"];
        Assert.Equal((1, 2, 3, 4), (Bucket("0.005"), Bucket("0.01"), Bucket("300"), Bucket("+Inf")));
        Assert.Equal(4, printed["kollect_reconcile_duration_seconds_count{controller=\"databasesink\"}"]);
        Assert.Equal(601.011, printed["kollect_reconcile_duration_seconds_sum{controller=\"databasesink\"}"], 9);
    }

    [Fact]
    public void Special_characters_of_the_format_are_escaped()
    {
        metrics.ObserveQueue("a \"quoted\" \\ line\nand }", () => 1);
        var printed = text.Write();
        Assert.Contains("kollect_workqueue_depth{controller=\"a \\\"quoted\\\" \\\\ line\\nand }\"} 1\n", printed, StringComparison.Ordinal);
        Assert.Contains(("controller", "a \"quoted\" \\ line\nand }"), Exposition.Read(printed).Labels);
    }

    [Fact]
    public void Metrics_of_another_operator_in_the_same_process_are_not_mixed_in()
    {
        using var other = new KollectMetrics();
        other.Reconciled("databasesink", succeeded: true, TimeSpan.Zero);
        Assert.DoesNotContain("kollect_reconcile_total{controller=\"databasesink\",result=\"success\"}", Exposition.Read(text.Write()).Samples);
    }

    [Fact]
    public void The_metrics_of_the_process_are_plausible()
    {
        var printed = Exposition.Read(text.Write());
        Assert.InRange(printed["process_resident_memory_bytes"], 1 << 20, 1L << 40);
        Assert.True(printed["process_cpu_seconds_total"] > 0);
        var started = DateTimeOffset.FromUnixTimeMilliseconds((long)(printed["process_start_time_seconds"] * 1000));
        Assert.InRange(started, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow);
        Assert.Equal("counter", printed.Types["process_cpu_seconds_total"]);
    }

    [Fact]
    public async Task Threads_that_measure_at_once_lose_nothing()
    {
        var measuring = Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (var i = 0; i < 5_000; i++)
                    metrics.Reconciled("databasesink", succeeded: true, TimeSpan.FromSeconds(0.25));
            },
            TestContext.Current.CancellationToken)).ToArray();
        for (var i = 0; i < 50; i++)
            Exposition.Read(text.Write());
        await Task.WhenAll(measuring);
        var printed = Exposition.Read(text.Write());
        Assert.Equal(20_000, printed["kollect_reconcile_total{controller=\"databasesink\",result=\"success\"}"]);
        Assert.Equal(5_000, printed["kollect_reconcile_duration_seconds_sum{controller=\"databasesink\"}"]);
    }

    private static ExportOutcome Outcome { get; } = new(17, 8, 4, 2, 3, 1, 1, 5, 1, false, 0, 1_234_567_890_123, 1500, Prelude.Seq1(Confidential));

    /// <summary>A sample of every metric.</summary>
    internal string Everything()
    {
        MeasureEverything();
        metrics.ObserveQueue("databasesink", () => 1);
        metrics.WatchInterrupted("deployments.apps");
        metrics.WatchAnswered("deployments.apps", DateTimeOffset.UnixEpoch);
        MeasureObjects();
        return text.Write();
    }

    private void MeasureObjects()
    {
        metrics.Objects.Add(() => [Fresh("team-a", "all", "platform/warehouse"), Fresh("team-a", "new", "team-a/lake", 0)]);
        metrics.Objects.Add(() => [new SinkReady(new SinkName("platform", "warehouse"), true), new SinkReady(new SinkName("team-a", "lake"), false)]);
    }

    /// <param name="at">In seconds since 1970; 0 = never exported.</param>
    private static InventoryFreshness Fresh(string @namespace, string name, string sink, int at = 1_700_000_000)
    {
        var time = at == 0 ? Option<DateTimeOffset>.None : DateTimeOffset.UnixEpoch.AddSeconds(at);
        return new InventoryFreshness(
            new InventoryName(@namespace, name),
            new RefFreshness(new SinkName(sink.Split('/')[0], sink.Split('/')[1]), time, time.Map(it => it.AddSeconds(30)), time.Map(_ => 406L)));
    }

    [Fact]
    public void The_series_of_an_object_that_is_gone_are_not_printed_any_more()
    {
        var names = new List<string> { "all", "other" };
        metrics.Objects.Add(() => names.Select(name => Fresh("team-a", name, "platform/warehouse")));
        Assert.Equal(6, Named().Length);
        names.Remove("other");
        Assert.Equal(3, Named().Length);
        Assert.DoesNotContain(Named(), sample => sample.Contains("other", StringComparison.Ordinal));

        string[] Named() => [.. Exposition.Read(text.Write()).Samples.Where(sample => sample.Contains("inventory=", StringComparison.Ordinal))];
    }

    [Fact]
    public void The_number_of_series_is_bounded_and_the_rest_is_counted()
    {
        metrics.Objects.Add(() => Enumerable.Range(0, ObjectSeries.Most + 7).Select(i => Fresh("team-a", $"all-{i}", "platform/warehouse")));
        var printed = Exposition.Read(text.Write());
        Assert.Equal(ObjectSeries.Most, printed.Samples.Count(sample => sample.StartsWith("kollect_inventory_items{", StringComparison.Ordinal)));
        Assert.Equal(7, printed["kollect_object_series_omitted{object=\"inventory\"}"]);
        Assert.Equal(0, printed["kollect_object_series_omitted{object=\"sink\"}"]);
    }

    private void MeasureEverything()
    {
        Situation[] outcomes =
        [
            new Situation.ProbeSucceeded(Confidential), new Situation.SecretUnusable(Confidential), new Situation.ProbeRefused(Confidential),
            new Situation.ProbeFailed(Confidential, TimeSpan.FromSeconds(5)),
        ];
        foreach (var outcome in outcomes)
            metrics.Probed(Postgres, outcome);
        metrics.Probed(BigQuery, outcomes[0]);
        metrics.Exported(
            MongoDb, Full, false, new ExportResult.Failed(new Failure.TryLater(Confidential, TimeSpan.FromSeconds(5))), TimeSpan.FromMilliseconds(50));
        var changes = new ExportMethod.Changes(SnapshotContent.Nothing, new Fence(DateTimeOffset.UnixEpoch, Confidential), Looks: true);
        metrics.Exported(Postgres, changes, hasLostBasis: true, new ExportResult.Exported(Outcome), TimeSpan.FromSeconds(1.5));
        metrics.Reconciled("databasesink", succeeded: true, TimeSpan.FromMilliseconds(5));
        metrics.Reconciled("databasesink", succeeded: false, TimeSpan.FromSeconds(20));
    }

    private static Sink Read(string spec)
    {
        var manifest = "{\"metadata\":{\"name\":\"s3cret\",\"namespace\":\"s3cret\"},\"spec\":" + spec + "}";
        return SinkObject.Read(Encoding.UTF8.GetBytes(manifest)).Spec.IfLeft(problems => throw new Xunit.Sdk.XunitException(problems.ToString()));
    }
}
