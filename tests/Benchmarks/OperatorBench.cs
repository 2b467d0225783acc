using System.Diagnostics;
using System.Globalization;
using Kollect.Tests.Support;
using Npgsql;

namespace Kollect.Benchmarks;

/// <summary>Measurements of the operator on a cluster of a given size.</summary>
/// <param name="Objects">Objects in the cluster, of six kinds.</param>
/// <param name="ArrivedSeconds">From <c>kubectl apply</c> of all objects until all rows are in the table.</param>
/// <param name="PeakMiB">Peak resident memory of the operator, changes included.</param>
/// <param name="RestCpuPercent">Processor time without changes, as a share of one core.</param>
/// <param name="ChangeSeconds">From 1,000 changed objects until their rows are in the table; median.</param>
/// <param name="ExportSeconds">The export of these alone, as reported in the status; median.</param>
/// <param name="ChangeCpuSeconds">Processor time of the operator for these changes; median.</param>
/// <param name="YardstickSeconds">The same change by <c>kubectl get -o json | kollect export</c>; median.</param>
internal sealed record OperatorResult(
    int Objects,
    double ArrivedSeconds,
    double PeakMiB,
    double RestCpuPercent,
    double ChangeSeconds,
    double ExportSeconds,
    double ChangeCpuSeconds,
    double YardstickSeconds);

/// <summary>
/// The operator as a process, with a stand-in API server and PostgreSQL. It alternates with the yardstick, which lists all objects, as a cron job would.
/// </summary>
internal sealed class OperatorBench(string url, string connection, int rounds)
{
    private const int Changed = 1_000;

    private static readonly (string Kind, string Plural, string Group)[] Kinds =
    [
        ("ConfigMap", "configmaps", ""),
        ("Deployment", "deployments", "apps"),
        ("Job", "jobs", "batch"),
        ("Pod", "pods", ""),
        ("Service", "services", ""),
        ("ServiceAccount", "serviceaccounts", ""),
    ];

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(20);

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(connection);

    public async Task<OperatorResult> RunAsync(int objects, CancellationToken cancel)
    {
        var table = string.Create(CultureInfo.InvariantCulture, $"of_{objects}");
        await using var cluster = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "a benchmark" });
        await cluster.LoadAsync(ClusterObjects.NamespaceObjects());
        await cluster.LoadAsync(ClusterObjects.Mixed(objects));
        using var operating = Start(
            "operator", "--kubeconfig", cluster.Kubeconfig, "--leader-election", "false", "--webhook-port", "0", "--http-port", "0",
            "--allow-loopback-sinks", "--targets-across-namespaces", "--log-level", "error");
        try
        {
            var watch = Stopwatch.StartNew();
            await cluster.ApplyAsync(Manifests(table));
            await UntilAsync(() => CountAsync($"select count(*) from {table}", cancel), objects, cancel);
            var arrived = watch.Elapsed.TotalSeconds;

            List<double> changes = [], exports = [], processor = [], yardstick = [];
            for (var round = 1; round <= rounds; round++)
            {
                var before = operating.TotalProcessorTime;
                changes.Add(await ChangeAsync(cluster, $"{table}", round * 2, cancel));
                exports.Add(await ExportSecondsAsync(cluster));
                operating.Refresh();
                processor.Add((operating.TotalProcessorTime - before).TotalSeconds);
                yardstick.Add(await YardstickAsync(cluster, table, cancel));
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"operator, {objects} objects, round {round}/{rounds}: {changes[^1]:F2} s, export {exports[^1]:F2} s; yardstick {yardstick[^1]:F2} s"));
            }

            operating.Refresh();
            var atRest = operating.TotalProcessorTime;
            await Task.Delay(Rest, cancel);
            operating.Refresh();
            var resting = (operating.TotalProcessorTime - atRest).TotalSeconds / Rest.TotalSeconds * 100;
            return new OperatorResult(
                objects, arrived, operating.PeakWorkingSet64 / 1048576.0, resting, Median(changes), Median(exports), Median(processor), Median(yardstick));
        }
        finally
        {
            operating.Kill();
            await operating.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Seconds from the change until all of its rows are in the table.</summary>
    private async Task<double> ChangeAsync(KubernetesServer cluster, string table, int revision, CancellationToken cancel)
    {
        var changed = ClusterObjects.Of("ConfigMap", Changed, revision: revision).ToArray();
        var last = await TimeAsync(table, cancel);
        var watch = Stopwatch.StartNew();
        await cluster.LoadAsync(changed);
        await UntilAsync(() => CountAsync($"select count(*) from {table} where exported_at > '{last}'", cancel), Changed, cancel);
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Lists all objects and exports them into a separate table, in which the same rows change.</summary>
    private async Task<double> YardstickAsync(KubernetesServer cluster, string table, CancellationToken cancel)
    {
        using var manifest = new TemporaryFile(Sink($"{table}_yardstick", "yardstick"));
        var watch = Stopwatch.StartNew();
        var names = string.Join(',', Kinds.Select(it => it.Plural));
        using var pipe = Process.Start("bash", [
            "-c",
            $"set -o pipefail; kubectl --kubeconfig '{cluster.Kubeconfig}' get {names} -A -o json "
            + $"| '{Program}' export -f '{manifest.Path}' --inventory bench/yardstick > /dev/null"]);
        await pipe.WaitForExitAsync(cancel);
        return pipe.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException("kubectl get | kollect export failed");
    }

    private static string Program => Repository.At("bin/kollect");

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Program, arguments))!;

    private static async Task<double> ExportSecondsAsync(KubernetesServer cluster) =>
        (double)(await cluster.GetAsync("kinv", "all"))["status"]!["sinkExports"]![0]!["durationMs"]! / 1000;

    private async Task UntilAsync(Func<Task<long>> count, long wanted, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (await count() != wanted)
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(5))
                throw new TimeoutException($"{await count()} rows instead of {wanted}");
            await Task.Delay(100, cancel);
        }
    }

    private async Task<long> CountAsync(string sql, CancellationToken cancel)
    {
        try
        {
            await using var command = source.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync(cancel))!;
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return -1;
        }
    }

    private async Task<string> TimeAsync(string table, CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"select max(exported_at)::text from {table}");
        return (string)(await command.ExecuteScalarAsync(cancel))!;
    }

    private string Manifests(string table) => Sink(table, "warehouse") + string.Concat(Kinds.Select(it =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectProfile
        metadata: {name: {{it.Plural}}, namespace: default}
        spec: {targetGVK: {group: "{{it.Group}}", version: v1, kind: {{it.Kind}} }, export: {mode: Resource} }
        ---
        apiVersion: kollect.dev/v1alpha1
        kind: KollectTarget
        metadata: {name: {{it.Plural}}, namespace: default}
        spec: {profileRef: {{it.Plural}} }
        ---

        """)) +
        """
        apiVersion: kollect.dev/v1alpha1
        kind: KollectInventory
        metadata: {name: all, namespace: default}
        spec: {databaseSinkRefs: [{name: warehouse, exportMinInterval: 1h}]}
        """;

    private string Sink(string table, string name) =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata: {name: {{name}}, namespace: default}
        spec: {type: postgres, cluster: bench, options: {skip_unchanged: "true"}, postgres: {databaseRef: {name: connection}, table: {{table}} } }
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: connection, namespace: default}
        stringData: {url: "{{url}}"}
        ---

        """;

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
