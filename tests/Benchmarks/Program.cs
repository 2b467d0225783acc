using System.Runtime.InteropServices;
using Kollect.Benchmarks;
using Kollect.Benchmarks.Operator;
using Kollect.Tests.Support;

if (args.Any(it => it is "--help" or "-h" or "-?" or "help"))
{
    Console.Write(Arguments.Usage);
    return 0;
}

// The benchmark starts itself as one of the operator's contestants.
if (args is not ["floor", _, _] && Arguments.Unknown(args) is { } unknown)
{
    await Console.Error.WriteLineAsync($"{unknown} is no argument of the benchmarks; see --help");
    return 2;
}

var quick = args.Contains("--quick");
var (rows, rounds) = quick ? (20_000, 3) : (200_000, 5);
int[] memorySizes = quick ? [2_000, 20_000] : [20_000, 200_000, 1_000_000];
var speed = !args.Contains("--memory");

if (args.Contains("--only") && !Arguments.Backends.Any(args.Contains))
{
    await Console.Error.WriteLineAsync($"--only takes one of {string.Join(", ", Arguments.Backends)}");
    return 2;
}

OperatorOptions operatorOptions;
try
{
    operatorOptions = OperatorOptions.Parse(args);
}
catch (FormatException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var cancel = stop.Token;

// The stand-ins hold a million rows in memory: 5 GB.
Environment.SetEnvironmentVariable("NODE_OPTIONS", "--max-old-space-size=9000");

if (args is ["floor", var kubeconfig, var connection])
{
    await FloorWatcher.RunAsync(kubeconfig, connection, cancel);
    return 0;
}

List<BackendReport> reports = [];
List<MemoryResult> memory = [];
OperatorReport? operating = null;
var postgresVersion = "not run";

if (Runs("postgres"))
{
    await using var server = await PostgresBench.StartServerAsync(cancel);
    var bench = new PostgresBench(server, rows, rounds);
    postgresVersion = await bench.VersionAsync(cancel);
    if (speed)
        reports.Add(await bench.RunAsync(cancel));
    await MeasureAsync(
        new Memory(
            "PostgreSQL",
            size => $"  type: postgres\n  postgres: {{databaseRef: {{name: connection}}, table: memory_{size}}}",
            $$"""{url: "{{bench.Url}}"}"""),
        memorySizes);
}

if (Runs("mongodb"))
{
    await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Needs = "a benchmark" });
    if (speed)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, Snapshot.Of(rows / 4).ToNdjson(), cancel);
        reports.Add(await new MongoDbBench(server, file, rows / 4, rounds).RunAsync(cancel));
        File.Delete(file);
    }

    await MeasureAsync(
        new Memory(
            "MongoDB",
            size => $"  type: mongodb\n  mongodb: {{databaseRef: {{name: connection}}, database: memory, collection: items_{size}}}",
            $$"""{uri: "{{server.Uri}}"}"""),
        memorySizes);
}

if (Runs("bigquery"))
{
    if (speed)
        reports.Add(BigQueryBench.Run(rounds));
    await using var server = await BigQueryServer.StartAsync(new BigQueryOptions { Needs = "a benchmark" });
    await server.CreateDatasetAsync("acme-prod", "inventory");
    await MeasureAsync(
        new Memory(
            "BigQuery",
            size => $"  type: bigquery\n  bigquery: {{project: acme-prod, dataset: inventory, table: items_{size}}}",
            "{unused: none}",
            ("BIGQUERY_EMULATOR_HOST", server.Endpoint)),
        memorySizes);
}

if (Runs("operator"))
{
    await using var server = await OperatorBench.StartServerAsync(cancel);
    postgresVersion = await new PostgresBench(server, rows, rounds).VersionAsync(cancel);
    operating = await new OperatorBench(server, operatorOptions).RunAsync(cancel);
}

var report = new Report(
    DateTime.UtcNow,
    Machine.Here(postgresVersion, "its defaults, fsync on, autovacuum off"),
    rows,
    rounds,
    [.. reports.SelectMany(it => it.Results)],
    [.. reports.SelectMany(it => it.Targets)],
    [.. reports.SelectMany(it => it.Faster)],
    memory,
    operating?.Figures ?? []);
await File.WriteAllTextAsync(Repository.At("bench.json"), report.ToJson(), cancel);
Console.Write(report.ToMarkdown());
Console.Write(operating?.ToMarkdown());
return 0;

bool Runs(string backend) => !args.Contains("--only") || args.Contains(backend);

async Task MeasureAsync(Memory of, int[] sizes)
{
    foreach (var size in sizes)
        memory.Add(await of.MeasureAsync(size, cancel));
}

// The servers are disposed however the program ends.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
