using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kollect.Tests.Support;

namespace Kollect.Benchmarks;

/// <summary>Peak memory of <c>bin/kollect export</c>.</summary>
/// <param name="Rows">Items of the snapshot.</param>
/// <param name="FirstMiB">Peak resident memory of the first export; null = not measured, see <paramref name="Note"/>.</param>
/// <param name="AgainMiB">As <paramref name="FirstMiB"/>, for an identical second snapshot with <c>skip_unchanged</c>.</param>
/// <param name="Note">Why a value was not measured; empty = all were.</param>
internal sealed record MemoryResult(string Backend, int Rows, double? FirstMiB, double? AgainMiB, string Note)
{
    public const double LimitMiB = 200;

    public bool Reached => FirstMiB <= LimitMiB && AgainMiB <= LimitMiB;

    public string Verdict => Note is not "" ? "not measured: " + Note : Reached ? "reached" : "missed";
}

/// <summary>Runs the program and pipes snapshots of growing size into it.</summary>
/// <param name="backend">Name in the report.</param>
/// <param name="spec">Fields of <c>spec</c> for a number of rows, indented by two; they name the Secret <c>connection</c>.</param>
/// <param name="secret">Data of that Secret.</param>
internal sealed class Memory(string backend, Func<int, string> spec, string secret, params (string Name, string Value)[] environment)
{
    private static readonly string Program = Repository.At("bin/kollect");

    public async Task<MemoryResult> MeasureAsync(int rows, CancellationToken cancel)
    {
        try
        {
            var first = await RunAsync(rows, "2026-11-23T08:00:00Z", cancel);
            var again = await RunAsync(rows, "2026-11-23T09:00:00Z", cancel);
            return new MemoryResult(backend, rows, first, again, "");
        }
        catch (Win32Exception)
        {
            return new MemoryResult(backend, rows, null, null, "bin/kollect is not built: run make build");
        }
        catch (InvalidOperationException failed)
        {
            return new MemoryResult(backend, rows, null, null, failed.Message);
        }
    }

    private async Task<double> RunAsync(int rows, string exportedAt, CancellationToken cancel)
    {
        using var manifest = new TemporaryFile(Manifest(rows));
        var start = new ProcessStartInfo(
            Program,
            ["export", "-f", manifest.Path, "--inventory", "platform/all", "--items", "-", "--exported-at", exportedAt, "-o", "json"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        var peak = WatchAsync(process, cancel);
        await FeedAsync(process, rows, cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0 || !Exported(await output, rows))
            throw new InvalidOperationException($"exit code {process.ExitCode}: {(await errors + await output).Trim()}");
        return await peak;
    }

    private static async Task FeedAsync(Process process, int rows, CancellationToken cancel)
    {
        try
        {
            await using var input = process.StandardInput.BaseStream;
            for (var index = 0; index < rows; index++)
            {
                await input.WriteAsync(Snapshot.ItemAt(index, revision: 1).Payload, cancel);
                input.WriteByte((byte)'\n');
            }
        }
        catch (IOException)
        {
            // The program ended early; its exit code and output tell why.
        }
    }

    /// <summary>VmHWM only grows, so the last value read before the end is the peak.</summary>
    private static async Task<double> WatchAsync(Process process, CancellationToken cancel)
    {
        var peak = 0.0;
        while (!process.HasExited)
        {
            try
            {
                var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(it => it.StartsWith("VmHWM:", StringComparison.Ordinal));
                if (line is not null)
                    peak = Math.Max(peak, double.Parse(line["VmHWM:".Length..^"kB".Length], CultureInfo.InvariantCulture) / 1024);
            }
            catch (IOException)
            {
                // the process ended between the two lines above
            }

            await Task.Delay(10, cancel);
        }

        return peak;
    }

    private static bool Exported(string output, int rows)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            return json.RootElement.GetProperty("status").GetString() == "Exported" && json.RootElement.GetProperty("items").GetInt64() == rows;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException)
        {
            return false;
        }
    }

    private string Manifest(int rows) =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata: {name: bench, namespace: bench}
        spec:
          cluster: {{Snapshot.Cluster}}
          options: {skip_unchanged: "true"}
        {{spec(rows)}}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: connection, namespace: bench}
        stringData: {{secret}}
        """;
}
