using System.Globalization;
using System.Runtime.InteropServices;
using Kollect.Benchmarks;
using Kollect.Benchmarks.Yardsticks;
using Kollect.Host.Demo;
using Kollect.Tests.Support;
using Npgsql;

// Usage: make bench [BENCH="--quick --memory"]; --quick is a tenth of everything, to see that it works, --memory only measures memory.
var quick = args.Contains("--quick");
var (rows, rounds) = quick ? (20_000, 3) : (200_000, 5);
int[] memorySizes = quick ? [2_000, 20_000] : [20_000, 200_000, 1_000_000];

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var cancel = stop.Token;

// Debian's defaults, fsync included; without autovacuum, which would disturb whoever happens to run (every table is vacuumed before each run).
await using var server = await PrivatePostgres.StartAsync(
    new PrivatePostgresOptions { Settings = new Dictionary<string, string> { ["autovacuum"] = "off" } }, cancel);
var url = string.Create(CultureInfo.InvariantCulture, $"postgresql://{server.Superuser}:{server.Password}@127.0.0.1:{server.Port}/postgres");
await using var source = NpgsqlDataSource.Create(string.Create(
    CultureInfo.InvariantCulture,
    $"Host=127.0.0.1;Port={server.Port};Username={server.Superuser};Password={server.Password};Database=postgres"));
var arena = new Arena(source);

var snapshot = Snapshot.Of(rows);
var changed = snapshot.WithOnePercentChanged();

// The sink's own table is the form of all others.
await new Ours(url, skipUnchanged: false).ExportAsync("template", snapshot with { Items = [] }, cancel);
await arena.FillAsync("base", snapshot, cancel);
await arena.FillAsync("changed", changed, cancel);

var (ours, skipping) = (new Ours(url, skipUnchanged: false), new Ours(url, skipUnchanged: true));
var (floor, classic, naive) = (new Floor(source), new Classic(source), new Naive(source));
Scenario[] scenarios =
[
    new("first export", null, "base", snapshot, [ours, floor, classic, naive], [new("floor", "time", 1.25)]),
    new("identical, skip_unchanged", "base", "base", snapshot.Again(), [skipping, classic, naive], [new("classic", "time", 0.6), new("classic", "WAL", 0.01)]),
    new("1 % changed, skip_unchanged", "base", "changed", changed, [skipping, classic, naive], [new("classic", "time", 0.7)]),
];

List<Result> results = [];
List<TargetResult> targets = [];
foreach (var scenario in args.Contains("--memory") ? [] : scenarios)
{
    var found = await scenario.RunAsync(arena, rounds, cancel);
    results.AddRange(found);
    targets.AddRange(scenario.Targets.Select(target => target.Judge(scenario.Name, found)));
}

List<MemoryResult> memory = [];
foreach (var size in memorySizes)
    memory.Add(await new Memory(url).MeasureAsync(size, cancel));

var version = await arena.ScalarAsync<string>("SHOW server_version", cancel);
var report = new Report(DateTime.UtcNow, Machine.Here(version, "its defaults, fsync on, autovacuum off"), rows, rounds, results, targets, memory);
await File.WriteAllTextAsync(Repository.At("bench.json"), report.ToJson(), cancel);
Console.Write(report.ToMarkdown());
return 0;

// The server goes too, whoever ends this.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
