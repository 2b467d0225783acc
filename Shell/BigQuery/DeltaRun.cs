using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.BigQuery;

/// <summary>One difference: its rows and the removed identities in one statement, which is fenced inside.</summary>
internal static class DeltaRun
{
    public static async Task<Either<BasisLost, ExportResult>> RunAsync(
        Session session, DeltaPlan plan, SnapshotChanges changes, CancellationToken cancel)
    {
        var (rows, written, read) = (new SourceRows(), 0L, changes.CountsOf(plan.Export.Header));
        foreach (var gone in changes.Removed)
            rows.Keep(gone.TargetName, gone.SourceUid);
        foreach (var element in changes.Changed)
        {
            read = read.Add(element);
            if (element is RowOrRejection.Accepted { Row: var row })
            {
                rows.Add(row);
                written++;
            }

            foreach (var lost in plan.Objection(rows, read).ToSeq())
                return lost;
        }

        foreach (var lost in plan.Objection(rows, read).ToSeq())
            return lost;
        return rows.Added == 0
            ? plan.Nothing(await Observe.NewestAsync(session.Jobs, plan.Export, cancel), read)
            : await MergeAsync(session, plan, rows, written, read, cancel);
    }

    private static Task<Either<BasisLost, ExportResult>> MergeAsync(
        Session session, DeltaPlan plan, SourceRows rows, long written, SnapshotCounts read, CancellationToken cancel)
    {
        var sql = Delta.Into(plan.Export.Table, writes: written > 0);
        var parameters = plan.Parameters(rows);
        return session.Jobs.RunToEndAsync<Either<BasisLost, ExportResult>>(
            attempt => plan.Job(parameters.Rows!.Value, attempt),
            job => Requests.Statement(job, sql, parameters, plan.Export.Settings),
            async (done, wasThere) => wasThere && !plan.Export.StillStands(await Observe.NewestAsync(session.Jobs, plan.Export, cancel))
                ? None
                : plan.Conclude(done, written, read),
            cancel);
    }
}
