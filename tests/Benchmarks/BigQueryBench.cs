using System.Diagnostics;
using System.Security.Cryptography;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Snapshots;
using static LanguageExt.Prelude;

namespace Kollect.Benchmarks;

/// <summary>Size of an export's request and the time to build it; no server is involved.</summary>
internal static class BigQueryBench
{
    private const int Rows = 8_000;

    private static readonly SnapshotHeader Header = new(
        new Scope(Snapshot.InventoryNamespace, Snapshot.InventoryName, Snapshot.Cluster), new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero), None);

    private static readonly ExportPlan Plan = new(
        Header, new TableId("acme-prod", "inventory", "items"), 1, "EU", None, false, new JobSettings("INTERACTIVE", None, None, Seq<(string, string)>()));

    public static BackendReport Run(int rounds)
    {
        var items = Snapshot.Of(Rows).Items;
        var payload = items.Sum(item => (double)item.Payload.Length);
        var runs = new List<Measured>();
        double bytes = 0;
        for (var round = -1; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            bytes = Build(items).Length;
            if (round >= 0)
                runs.Add(new Measured(watch.Elapsed.TotalMilliseconds * 200_000 / Rows, 0));
        }

        return new BackendReport(
            [Result.Of("BigQuery, building requests for 200,000 rows", "ours", runs)],
            [new TargetResult("BigQuery: bytes sent, uncompressed, against bytes of payload", bytes / payload, 1.35, bytes <= 1.35 * payload)],
            []);
    }

    private static ReadOnlyMemory<byte> Build(IReadOnlyList<Item> items)
    {
        var rows = new SourceRows();
        var counts = SnapshotCounts.Zero;
        foreach (var item in items)
        {
            var row = new Row(item.TargetName, item.Uid, item.Namespace, item.Payload, 0);
            rows.Add(row);
            counts = counts.Add(new RowOrRejection.Accepted(row));
        }

        var parameters = Plan.WithRows(rows, counts);
        return Requests.Statement(
            Plan.Job(SHA256.HashData(parameters.Rows!.Value.Span), 0),
            Merge.Into(Plan.Table, new RowSource.Parameter(), skipUnchanged: false),
            parameters,
            Plan.Settings);
    }
}
