using System.Diagnostics;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>The chart <c>charts/kollect</c>, rendered by helm, or, where there is none, by tests/ChartRender with helm's template engine.</summary>
internal static class Chart
{
    public const string Folder = "charts/kollect";

    // Debian's packages of Go sources lie there, and no module is fetched.
    private const string Sources = "/usr/share/gocode";

    private static readonly Lazy<Task<string>> Renderer = new(BuildAsync);

    /// <summary>All documents that the chart gives with these values.</summary>
    /// <param name="values">JSON; laid over values.yaml.</param>
    public static async Task<Rendered> RenderAsync(string @namespace, string values)
    {
        var (exitCode, output, errors) = await TryRenderAsync(@namespace, values);
        Assert.True(exitCode == 0, errors);
        return new Rendered(output);
    }

    /// <summary>Exit code, documents, and what is wrong with the values.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> TryRenderAsync(string @namespace, string values)
    {
        var chart = Repository.At(Folder);
        if (StandIns.OnPath("helm"))
        {
            TestContext.Current.TestOutputHelper?.WriteLine("rendered by helm");
            return await RunAsync("helm", ["template", "kollect", chart, "--namespace", @namespace, "--kube-version", "1.32.0", "-f", "-"], values);
        }

        TestContext.Current.TestOutputHelper?.WriteLine("rendered by tests/ChartRender: there is no helm");
        return await RunAsync(await Renderer.Value, [chart, @namespace], values);
    }

    private static async Task<string> BuildAsync()
    {
        StandIns.RequireProgram("go");
        foreach (var package in new[] { "github.com/Masterminds/sprig", "github.com/gobwas/glob", "github.com/xeipuuv/gojsonschema", "sigs.k8s.io/yaml" })
            StandIns.RequireFolder($"{Sources}/src/{package}");
        var program = Repository.At("artifacts/chart-render/chart-render");
        var built = await RunAsync("go", ["build", "-o", program, Repository.At("tests/ChartRender/main.go")], "");
        Assert.True(built.ExitCode == 0, built.Errors);
        return program;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["GO111MODULE"] = "off", ["GOPATH"] = Sources, ["GOFLAGS"] = "", ["GOCACHE"] = Repository.At("artifacts/chart-render/cache"),
            },
        };
        using var process = Process.Start(start)!;
        var cancel = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await errors);
    }
}
