using System.Diagnostics;
using System.Globalization;
using Npgsql;
using static Kollect.Shell.Tests.Operator.Inventories.InventoryManifests;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Program;

/// <summary>kill -9 of an operator at any moment, while objects change, leaves the objects of one moment in the table.</summary>
public sealed class OperatorKillTests(ITestOutputHelper output)
{
    private const string Sessions = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'kollect'";

    [Fact]
    public async Task Killed_again_and_again_under_churn_an_operator_never_leaves_a_torn_table()
    {
        var (kills, seed) = (Soak.Kills, Environment.TickCount);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {kills} kills"));
        var random = new Random(seed);
        var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "many objects at once" });
        await server.ApplyAsync(Secret(database.Url()) + PostgresSink() + Profile() + Target() + Inventory());
        var objects = new ChurnedObjects(server, seed);
        await objects.FillAsync();
        await using var connection = new NpgsqlConnection(database.ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var open = new NpgsqlCommand(Sessions + " and xact_start is not null", connection);

        var clock = Stopwatch.StartNew();
        using (var first = new KilledOperator(server))
            await Eventually.HoldsAsync(async () => await HoldsLedgerAsync(database), 30, () => Task.FromResult(first.LastLines));
        var (usual, last, inside) = (clock.ElapsedMilliseconds, 0, 0);
        using var stop = new CancellationTokenSource();
        var churn = objects.RunAsync(stop.Token);
        try
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                var isInside = false;
                using (var victim = new KilledOperator(server))
                {
                    await Task.Delay(random.Next((int)usual * 2), TestContext.Current.CancellationToken);
                    // Every second one dies in the middle of a transaction, if one comes soon.
                    for (var watch = Stopwatch.StartNew(); kill % 2 == 0 && !isInside && watch.ElapsedMilliseconds < usual;)
                        isInside = (long)(await open.ExecuteScalarAsync(TestContext.Current.CancellationToken))! > 0;
                }

                inside += isInside ? 1 : 0;
                while (await database.ScalarAsync<long>(Sessions) > 0)
                    await Task.Delay(5, TestContext.Current.CancellationToken);
                var (found, why) = await StateAsync(database, objects);
                Assert.True(found >= last, string.Create(CultureInfo.InvariantCulture, $"kill {kill} of seed {seed}: {why}, after a state of {last} changes"));
                last = found;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await churn;
        }

        using (var survivor = new KilledOperator(server))
            await Eventually.HoldsAsync(
                async () => (await StateAsync(database, objects)).Changes == objects.Changes, 60, () => Task.FromResult(survivor.LastLines));
        Assert.Equal(objects.Objects.Select(it => (it.Key, it.Value)).Order(), (await RowsAsync(database)).Order());
        var (exports, exporters) = (await database.RowsAsync(
            "select count(*), count(distinct exporter) from kollect_exports", row => (row.GetInt64(0), row.GetInt64(1)))).Single();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kills} kills in {clock.Elapsed.TotalSeconds:0} s, {inside} of them seen in a transaction; ")
            + string.Create(CultureInfo.InvariantCulture, $"{objects.Changes} changes, {exports} exports by {exporters} processes"));
    }

    /// <summary>The number of changes that the table holds; -1 = its rows never were the objects, or the ledger says something else.</summary>
    private static async Task<(int Changes, string Why)> StateAsync(TestDatabase database, ChurnedObjects objects)
    {
        var rows = await RowsAsync(database);
        var items = await database.ScalarAsync<long>("select items from kollect_exports where refusal is null order by exported_at desc limit 1");
        var changes = objects.ChangesUntil(rows);
        return changes is { } it && items == rows.Count
            ? (it, "")
            : (-1, string.Create(CultureInfo.InvariantCulture, $"{rows.Count} rows {(changes is null ? "of no" : "of one")} moment, {items} in the ledger"));
    }

    private static Task<IReadOnlyList<(string Name, string Value)>> RowsAsync(TestDatabase database) => database.RowsAsync(
        "select payload->>'name', payload->'attributes'->'resource'->'data'->>'value' from inventory_items",
        row => (row.GetString(0), row.GetString(1)));

    private static async Task<bool> HoldsLedgerAsync(TestDatabase database) =>
        await database.ScalarAsync<bool>("select to_regclass('kollect_exports') is not null")
        && await database.ScalarAsync<long>("select count(*) from kollect_exports") > 0;

    /// <summary>An operator that is killed when it is disposed.</summary>
    private sealed class KilledOperator : IDisposable
    {
        private readonly Process process;
        private readonly Queue<string> lines = new();

        public KilledOperator(KubernetesServer server)
        {
            process = Kollect.Start(
                "operator", "--kubeconfig", server.Kubeconfig, "--http-port", "0", "--webhook-port", "0", "--leader-election", "false",
                "--allow-loopback-sinks");
            process.OutputDataReceived += (_, line) => Add(line.Data);
            process.ErrorDataReceived += (_, line) => Add(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public string LastLines
        {
            get
            {
                lock (lines)
                    return string.Join('\n', lines);
            }
        }

        public void Dispose()
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        private void Add(string? line)
        {
            lock (lines)
            {
                lines.Enqueue(line ?? "");
                if (lines.Count > 30)
                    lines.Dequeue();
            }
        }
    }
}
