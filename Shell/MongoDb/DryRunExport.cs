using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.MongoDb;

/// <summary>Reads the rows that are there and those of the snapshot, and writes nothing.</summary>
internal sealed class DryRunExport(IMongoDb server, ExportPlan plan, Documents documents)
{
    public async Task<ExportOutcome> RunAsync(IAsyncEnumerable<RowOrRejection> rows, CancellationToken cancel)
    {
        var dryRun = new DryRun(plan);
        await server.FindAsync(
            plan.Collection,
            documents.Inventory,
            Documents.WholeRows,
            document =>
            {
                dryRun.Found(document);
                return true;
            },
            cancel);

        var counts = SnapshotCounts.Of(plan.Header);
        await foreach (var element in rows.WithCancellation(cancel))
        {
            counts = counts.Add(element);
            if (element is RowOrRejection.Accepted { Row: var row })
                dryRun.Add(row);
            else if (element is RowOrRejection.Rejected rejected)
                rejected.Identity.IfSome(identity => dryRun.Keep(identity.TargetName, identity.SourceUid));
        }

        return dryRun.Tally(counts);
    }
}
