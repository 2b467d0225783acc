using System.Diagnostics;
using System.Text;

namespace Kollect.Shell.Tests.Program;

/// <summary>Runs the program as a process and returns its output and exit code.</summary>
internal static class Kollect
{
    private static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, "kollect");

    public sealed record Result(int ExitCode, string Output, string Errors);

    public static Task<Result> RunAsync(string[] arguments, string? input = null) => RunAsync(arguments, input, environment: []);

    public static async Task<Result> RunAsync(string[] arguments, string? input, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (input is not null)
            await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Result(process.ExitCode, await output, await errors);
    }

    public static Process Start(params string[] arguments) => Start(arguments, []);

    public static Process Start(string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Repository.Root,
            Environment = { ["PGHOST"] = "never.invalid", ["PGPASSWORD"] = "never", ["PGOPTIONS"] = "-c work_mem=never" },
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException("kollect did not start");
    }
}

/// <summary>A folder that is deleted with its content when disposed.</summary>
internal class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("kollect-test-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A folder with the manifests of a sink for a test database.</summary>
internal sealed class SinkFolder : TemporaryFolder
{

    public SinkFolder(TestDatabase database, string options = "", string? url = null, string mode = "ensure")
    {
        Write("sink.yaml",
            $$"""
            apiVersion: kollect.dev/v1alpha1
            kind: KollectDatabaseSink
            metadata: {name: test, namespace: default}
            spec:
              type: postgres
              cluster: east
              provisioning: {mode: {{mode}}}
              options: { {{options}} }
              postgres:
                databaseRef: {name: dsn}
                table: inventory_items
            """);
        Write("secret.yaml",
            $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: dsn}
            stringData: {url: "{{url ?? database.Url()}}"}
            """);
    }

    public string[] Manifests => ["-f", At("sink.yaml"), "-f", At("secret.yaml")];

    public string[] Export(params string[] more) => ["export", .. Manifests, "--inventory", "platform/all", "-o", "json", .. more];
}
