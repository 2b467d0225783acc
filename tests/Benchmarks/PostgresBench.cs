using System.Globalization;
using Kollect.Benchmarks.Yardsticks;
using Kollect.Host.Demo;
using Npgsql;

namespace Kollect.Benchmarks;

/// <summary>Three scenarios and three yardsticks on one private server.</summary>
internal sealed class PostgresBench(PrivatePostgres server, int rows, int rounds)
{
    /// <summary>URL for the Secret of the sink.</summary>
    public string Url { get; } = string.Create(
        CultureInfo.InvariantCulture, $"postgresql://{server.Superuser}:{server.Password}@127.0.0.1:{server.Port}/postgres");

    /// <summary>Connection string for reading the tables.</summary>
    public string ConnectionString { get; } = string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={server.Port};Username={server.Superuser};Password={server.Password};Database=postgres");

    // Debian's defaults, fsync included; without autovacuum, which would disturb a run at random (every table is vacuumed before each run).
    public static Task<PrivatePostgres> StartServerAsync(CancellationToken cancel) => PrivatePostgres.StartAsync(
        new PrivatePostgresOptions { Settings = new Dictionary<string, string> { ["autovacuum"] = "off" } }, cancel);

    public async Task<string> VersionAsync(CancellationToken cancel)
    {
        await using var source = Source();
        return await new Arena(source).ScalarAsync<string>("SHOW server_version", cancel);
    }

    public async Task<BackendReport> RunAsync(CancellationToken cancel)
    {
        await using var source = Source();
        var arena = new Arena(source);
        var snapshot = Snapshot.Of(rows);
        var changed = snapshot.WithOnePercentChanged();

        // The sink's own table is the template of all others.
        await new Ours(Url, skipUnchanged: false).ExportAsync("template", snapshot with { Items = [] }, cancel);
        await arena.FillAsync("base", snapshot, cancel);
        await arena.FillAsync("changed", changed, cancel);

        var (ours, skipping) = (new Ours(Url, skipUnchanged: false), new Ours(Url, skipUnchanged: true));
        var (floor, classic, naive) = (new Floor(source), new Classic(source), new Naive(source));
        Scenario[] scenarios =
        [
            new("first export", null, "base", snapshot, [ours, floor, classic, naive], [new("floor", "time", 1.25)]),
            new(
                "identical, skip_unchanged",
                "base",
                "base",
                snapshot.Again(),
                [skipping, classic, naive],
                [new("classic", "time", 0.6), new("classic", "WAL", 0.01)]),
            new("1 % changed, skip_unchanged", "base", "changed", changed, [skipping, classic, naive], [new("classic", "time", 0.7)]),
            new(
                "1 % changed, history",
                "base",
                "changed",
                changed,
                [new Ours(Url, skipUnchanged: true, keepsHistory: true), new Ours(Url, skipUnchanged: true) { Name = "without history" }],
                [new("without history", "time", 1.3), new("without history", "WAL", 1.3)]),
        ];

        List<Result> results = [];
        List<TargetResult> targets = [];
        foreach (var scenario in scenarios)
        {
            var found = await scenario.RunAsync(arena, rounds, cancel);
            results.AddRange(found);
            targets.AddRange(scenario.Targets.Select(target => target.Judge(scenario.Name, found)));
        }

        return new BackendReport(results, targets, []);
    }

    private NpgsqlDataSource Source() => NpgsqlDataSource.Create(ConnectionString);
}
