using System.Globalization;
using System.Text;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Program;

/// <summary>kill -9 at any moment leaves exactly the old or exactly the new snapshot.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rows = 50_000;

    [Fact]
    public async Task Killed_at_a_random_moment_an_export_leaves_one_whole_snapshot()
    {
        var kills = Soak.IsOn ? 50 : 4;
        var seed = Environment.TickCount;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {kills} kills"));
        var random = new Random(seed);
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        var files = new[] { "old", "new" }.Select(value => folder.Write($"{value}.ndjson", Snapshot(value))).ToArray();

        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, (await RunAsync(folder.Export("--items", files[0]))).ExitCode);
        Assert.Equal(0, (await RunAsync(folder.Export("--items", files[0]))).ExitCode);
        var usual = clock.ElapsedMilliseconds / 2;

        var (old, replaced) = ("old", 0);
        for (var kill = 0; kill < kills; kill++)
        {
            var next = old == "old" ? "new" : "old";
            using var process = Start(folder.Export("--items", files[next == "old" ? 0 : 1]));
            await Task.WhenAny(
                Task.Delay(random.Next((int)usual * 5 / 4), TestContext.Current.CancellationToken),
                process.WaitForExitAsync(TestContext.Current.CancellationToken));
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            var (value, count) = await WholeSnapshotAsync(database);
            Assert.True(count == Rows && (value == old || value == next), $"kill {kill} of seed {seed}: {count} rows of '{value}'");
            replaced += value == next ? 1 : 0;
            old = value;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{replaced} of {kills} exports had committed"));
    }

    // SIGTERM, not SIGINT: a process that a shell starts in the background ignores SIGINT, and its children inherit that.
    [Fact]
    public async Task Interrupted_while_it_waits_for_input_an_export_ends_at_once_and_writes_nothing()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        Assert.Equal(0, (await RunAsync(folder.Export(), input: Snapshot("old", 10))).ExitCode);
        using var process = Start(folder.Export());
        await process.StandardInput.WriteAsync(Snapshot("new", 5_000));
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        while (await ExportersAsync(database) == 0)
            await Task.Delay(20, TestContext.Current.CancellationToken);

        using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, process.ExitCode);
        Assert.Equal("kollect: interrupted; nothing was written\n", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("old", 10L), await WholeSnapshotAsync(database));
    }

    [Fact]
    public async Task Eight_programs_at_once_end_in_one_of_the_snapshots()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            RunAsync(folder.Export("--items", folder.Write($"{i}.ndjson", Snapshot($"v{i}", 2_000))))));
        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Output + result.Errors));
        var (value, count) = await WholeSnapshotAsync(database);
        Assert.StartsWith("v", value, StringComparison.Ordinal);
        Assert.Equal(2_000, count);
    }

    /// <summary>The value of all rows, after the killed exporter's backend has ended; fails where the rows differ.</summary>
    private static async Task<(string Value, long Count)> WholeSnapshotAsync(TestDatabase database)
    {
        while (await ExportersAsync(database) > 0)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        var values = await database.RowsAsync(
            "SELECT payload->>'value', count(*) FROM inventory_items GROUP BY 1", row => (row.GetString(0), row.GetInt64(1)));
        return Assert.Single(values);
    }

    private static Task<long> ExportersAsync(TestDatabase database) => database.ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kollect'");

    private static string Snapshot(string value, int rows = Rows)
    {
        var text = new StringBuilder();
        for (var i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $$"""{"targetName":"pods","uid":"u{{i}}","value":"{{value}}","kind":"Pod"}""").Append('\n');
        return text.ToString();
    }
}
