using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kollect.Operator.Telemetry;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>Alerts and dashboard ask for metrics that exist, and each alert fires when it should, as promtool computes it.</summary>
public sealed partial class MonitoringTests
{
    private const string Folder = "Shell/Host/deploy/monitoring";

    private static readonly Lazy<string[]> Metrics = new(() =>
    {
        using var metrics = new KollectMetrics();
        using var text = new PrometheusText(metrics);
        return [.. text.Write().Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
    });

    [Fact]
    public void Alerts_and_dashboard_name_metrics_that_exist()
    {
        foreach (var file in new[] { "prometheusrule.yaml", "kollect.json" })
        {
            var named = Metric().Matches(File.ReadAllText(Repository.At($"{Folder}/{file}")))
                .Select(match => match.Value).Where(name => !name.EndsWith("_operator", StringComparison.Ordinal)).Distinct().ToArray();
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(Suffix().Replace(name, ""), Metrics.Value));
        }
    }

    [Fact]
    public void The_dashboard_shows_every_metric_of_Kollect()
    {
        var dashboard = File.ReadAllText(Repository.At($"{Folder}/kollect.json"));
        Assert.All(
            Metrics.Value.Where(name => name.StartsWith("kollect_", StringComparison.Ordinal) && name != "kollect_reconcile_duration_seconds"),
            name => Assert.Contains(name, dashboard, StringComparison.Ordinal));
        var panels = JsonNode.Parse(dashboard)!["panels"]!.AsArray();
        Assert.Distinct(panels.Select(panel => panel!["id"]!.GetValue<int>()));
        // No panel lies over another one.
        Assert.Distinct(panels.Select(panel => (panel!["gridPos"]!["x"]!.GetValue<int>(), panel["gridPos"]!["y"]!.GetValue<int>())));
    }

    [Fact]
    public async Task Each_alert_fires_when_it_should_and_only_then()
    {
        StandIns.RequireProgram("promtool");
        using var folder = new Program.TemporaryFolder();
        folder.Write("rules.yaml", new Rendered(await File.ReadAllTextAsync(
            Repository.At($"{Folder}/prometheusrule.yaml"), TestContext.Current.CancellationToken)).Objects.Single().Value.At("spec").ToJsonString());
        File.Copy(Repository.At("tests/Shell.Tests/Deploy/alerts.test.yaml"), folder.At("alerts.test.yaml"));
        await PromtoolAsync(folder.Path, "check", "rules", "rules.yaml");
        await PromtoolAsync(folder.Path, "test", "rules", "alerts.test.yaml");
    }

    private static async Task PromtoolAsync(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
    }

    [GeneratedRegex(@"\b(kollect|process)_[a-z_]+\b")]
    private static partial Regex Metric();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();
}
