using System.Text.Json.Nodes;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Program;

public sealed class ExplainTests
{
    [Theory]
    [InlineData("KDB040")]
    [InlineData("ExportRefused")]
    [InlineData("InvalidSpec")]
    [InlineData("skip_unchanged")]
    [InlineData("kollect.dev/reclaim")]
    [InlineData("kollect_export_duration_seconds")]
    public async Task A_name_is_explained_with_its_example_and_remedy(string name)
    {
        var result = await RunAsync(["explain", name]);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Golden.Verify(result.Output, $"cli/explain-{name.Replace("kollect.dev/", "", StringComparison.Ordinal)}.txt");
    }

    [Fact]
    public async Task Without_a_name_all_of_them_are_listed()
    {
        var result = await RunAsync(["explain"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Golden.Verify(result.Output, "cli/explain.txt");
    }

    /// <summary>As Prometheus reads them.</summary>
    [Fact]
    public async Task Every_metric_is_explained_with_its_type()
    {
        var listed = (await RunAsync(["explain", "-o", "json"])).Output;
        var metrics = JsonNode.Parse(listed)!["topics"]!.AsArray().Where(it => (string?)it!["kind"] == "metric")
            .Select(it => $"# TYPE {it!["name"]} {((string?)it["facts"]![0])!["type: ".Length..]}");
        var written = File.ReadLines(Repository.At("snapshots/telemetry/metrics.txt")).Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal));
        Assert.Equal(written, metrics);
    }

    [Fact]
    public async Task Case_does_not_matter_and_json_has_the_same_parts()
    {
        var result = await RunAsync(["explain", "kdb040", "-o", "json"]);
        OutputSchema.AssertValid(result.Output, "Explanation");
        var topic = Assert.Single(JsonNode.Parse(result.Output)!["topics"]!.AsArray())!;
        Assert.Equal(("KDB040", "No option key looks like a secret."), ((string?)topic["name"], (string?)topic["meaning"]));
        Assert.Contains("KDB040 spec.options[db-password]", topic["messages"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KBD040", "kollect: nothing is called \"KBD040\"; did you mean KDB040?\nSee: kollect explain\n")]
    [InlineData("ExportRefusd", "kollect: nothing is called \"ExportRefusd\"; did you mean ExportRefused?\nSee: kollect explain\n")]
    [InlineData("no such name at all", "kollect: nothing is called \"no such name at all\"\nSee: kollect explain\n")]
    public async Task An_unknown_name_is_a_usage_error_with_a_suggestion(string name, string errors)
    {
        var result = await RunAsync(["explain", name]);
        Assert.Equal((2, "", errors), (result.ExitCode, result.Output, result.Errors));
    }
}
