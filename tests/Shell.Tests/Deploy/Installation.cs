namespace Kollect.Shell.Tests.Deploy;

/// <summary>A set of options, as <c>kollect install</c> and as the chart take it; both give the same objects.</summary>
/// <param name="Namespace">Of the operator.</param>
/// <param name="Arguments">Of <c>kollect install</c>, without the namespace.</param>
/// <param name="Values">Of the chart, JSON.</param>
internal sealed record Installation(string Name, string Namespace, string[] Arguments, string Values)
{
    private static readonly Installation[] Known =
    [
        new("default", "kollect-system", [], "{}"),
        new(
            "shards",
            "inventory",
            ["--replicas", "3", "--shards", "3", "--image", "registry.example.org:5000/kollect:0.1.0"],
            """{"replicas": 3, "shards": 3, "image": {"repository": "registry.example.org:5000/kollect"} }"""),
        new(
            "self-signed-monitoring",
            "kollect-system",
            ["--webhook", "self-signed", "--monitoring"],
            """
            {
              "webhook": {"mode": "self-signed"}, "serviceMonitor": {"enabled": true}, "prometheusRule": {"enabled": true}, "dashboard": {"enabled": true}
            }
            """),
        new("no-webhook", "kollect-system", ["--webhook", "none"], """{"webhook": {"mode": "none"} }"""),
    ];

    public static TheoryData<string> Names => [.. Known.Select(it => it.Name)];

    public static Installation Of(string name) => Known.Single(it => it.Name == name);

    /// <summary>What <c>kollect install</c> prints.</summary>
    public async Task<Rendered> PrintAsync()
    {
        var printed = await Program.Kollect.RunAsync(["install", "--namespace", Namespace, .. Arguments]);
        Assert.Equal((0, ""), (printed.ExitCode, printed.Errors));
        return new Rendered(printed.Output);
    }
}
