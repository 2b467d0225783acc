using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Exports;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.MongoDb;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Snapshots;
using Kollect.Tests.Support;
using static LanguageExt.Prelude;

namespace Kollect.Benchmarks;

/// <summary>
/// A first export compared with the official Node driver, alternating on one stand-in server. All contestants read and parse the same
/// NDJSON file within the measured time; ours also connects, inspects the destination twice and deletes stale rows.
/// </summary>
internal sealed class MongoDbBench(MongoDbServer server, string file, int rows, int rounds)
{
    private static readonly SecretRef Secret = new("bench", "uri");

    private int databases;

    /// <summary>One replaceOne per item is measured on a tenth of the rows and extrapolated to all of them.</summary>
    private int RowsOneByOne => rows / 10;

    /// <summary>The file holds only these rows, so that reading others does not count.</summary>
    private string FileOneByOne => file + ".tenth";

    public async Task<BackendReport> RunAsync(CancellationToken cancel)
    {
        using var node = Node();
        await File.WriteAllLinesAsync(FileOneByOne, File.ReadLines(file).Take(RowsOneByOne), cancel);
        var runs = new Dictionary<string, List<double>> { ["ours"] = [], ["Node driver, bulkWrite"] = [], ["Node driver, one replaceOne per item"] = [] };
        for (var round = -1; round < rounds; round++)
            for (var offset = 0; offset < runs.Count; offset++)
            {
                var name = runs.Keys.ElementAt((round + 1 + offset) % runs.Count);
                var milliseconds = await OnceAsync(name, node, cancel);
                if (round >= 0)
                    runs[name].Add(milliseconds);
                await Console.Error.WriteLineAsync(
                    string.Create(CultureInfo.InvariantCulture, $"MongoDB, round {round + 1}/{rounds}: {name} {milliseconds:F0} ms"));
            }

        File.Delete(FileOneByOne);
        node.StandardInput.Close();
        await node.WaitForExitAsync(cancel);
        var results = runs.Select(run => Result.Of("MongoDB, first export", run.Key, [.. run.Value.Select(ms => new Measured(ms, 0))])).ToArray();
        return new BackendReport(
            results,
            [],
            [
                Faster(results, "Node driver, bulkWrite", 1.0),
                Faster(results, "Node driver, one replaceOne per item", 10),
            ]);
    }

    private static AtLeast Faster(Result[] results, string yardstick, double times)
    {
        var actual = results.Single(it => it.Contestant == yardstick).MedianMs / results.Single(it => it.Contestant == "ours").MedianMs;
        return new AtLeast($"MongoDB, first export: as fast as {yardstick}", actual, times);
    }

    private async Task<double> OnceAsync(string name, Process node, CancellationToken cancel)
    {
        var database = $"b{++databases}";
        var (count, milliseconds) = name switch
        {
            "ours" => (rows, await OursAsync(database, cancel)),
            "Node driver, bulkWrite" => (rows, await NodeAsync(node, database, file, rows, "bulk", cancel)),
            _ => (RowsOneByOne, await NodeAsync(node, database, FileOneByOne, RowsOneByOne, "one", cancel) * rows / RowsOneByOne),
        };
        if (await NodeAsync(node, database, "", 0, "count", cancel) is var found && (long)found != count)
            throw new InvalidOperationException($"{name} wrote {found} rows instead of {count}");
        return milliseconds;
    }

    private async Task<double> OursAsync(string database, CancellationToken cancel)
    {
        var settings = new SinkSettings(
            Secret.Namespace,
            "bench",
            KollectDatabaseSinkMode.Ensure,
            None,
            HashMap<string, string>(),
            false,
            None,
            true,
            Snapshot.Cluster,
            new TlsSettings(None, None, false),
            None);
        var sink = new MongoDbSink(settings, Secret, database, "items");
        var secret = new SecretData(Secret, HashMap(("uri", new SecretText(server.Uri))), HashMap<string, string>());
        var watch = Stopwatch.StartNew();
        await using var destination = new BackendSet([MongoDbBackend.Instance], DialGuard.Unrestricted).With(_ => secret)
            .Open(sink, sink.Location)
            .Match(Right: it => it, Left: failure => throw new InvalidOperationException(failure.Message));
        await using var input = File.OpenRead(file);
        var reader = await SnapshotReader.OpenAsync(input, cancel);
        var scope = new Scope(Snapshot.InventoryNamespace, Snapshot.InventoryName, Snapshot.Cluster);
        var result = await destination.ExportAsync(
            new SnapshotHeader(scope, DateTimeOffset.UnixEpoch, None),
            reader.RowsAsync(new ItemRules(scope, destination.Limits, None, false), cancel),
            dryRun: false,
            progress: null,
            cancel);
        return result is ExportResult.Exported ? watch.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"the export did not succeed: {result}");
    }

    private async Task<double> NodeAsync(Process node, string database, string path, int count, string mode, CancellationToken cancel)
    {
        await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { db = database, file = path, rows = count, mode }).AsMemory(), cancel);
        await node.StandardInput.FlushAsync(cancel);
        var line = await node.StandardOutput.ReadLineAsync(cancel) ?? throw new InvalidOperationException("the Node driver's yardstick ended");
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.GetProperty("answer").GetDouble();
    }

    private Process Node() => Process.Start(new ProcessStartInfo("node", [Repository.At("tests/Benchmarks/Yardsticks/mongodb.js"), server.Uri])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
