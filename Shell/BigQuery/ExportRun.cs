using System.Security.Cryptography;
using System.Text;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;
using Kollect.Shell.Backends.Disk;
using Kollect.Shell.Exports;

namespace Kollect.BigQuery;

/// <summary>One export: the whole input, then one statement.</summary>
internal sealed class ExportRun(Session session, ExportPlan plan, IProgress<ExportProgress>? progress, TimeProvider clock) : IAsyncDisposable
{
    private const int ItemsPerReport = 1_000;
    private const int UploadBytes = 1 << 16;

    private readonly SourceRows rows = new();
    private readonly SnapshotIdentities identities = new();
    private Staging? staging;

    /// <summary>Some = refused before the end of the input.</summary>
    public async Task<Either<Failure, SnapshotCounts>> ReadAsync(IAsyncEnumerable<RowOrRejection> elements, CancellationToken cancel)
    {
        var counts = SnapshotCounts.Of(plan.Header);
        await foreach (var element in elements.WithCancellation(cancel))
        {
            counts = counts.Add(element);
            switch (element)
            {
                case RowOrRejection.Accepted { Row: var row }:
                    rows.Add(row);
                    identities.Add(row.TargetName, row.SourceUid);
                    break;
                case RowOrRejection.Rejected rejected:
                    foreach (var (targetName, sourceUid) in rejected.Identity.ToSeq())
                    {
                        rows.Keep(targetName, sourceUid);
                        identities.Keep(targetName, sourceUid);
                    }

                    break;
            }

            if (staging is null && ExportPlan.NeedsStaging(rows))
            {
                foreach (var objection in plan.ObjectionToStaging(rows).ToSeq())
                    return objection;
                staging = await Staging.BeginAsync(session, plan, clock.GetUtcNow(), cancel);
            }

            if (staging is not null && rows.ParameterBytes > UploadBytes)
                await staging.WriteAsync(rows, cancel);
            if (counts.Items % ItemsPerReport == 0)
                Report(counts, staging is null ? "reading" : "uploading");
        }

        if (staging is not null)
        {
            await staging.WriteAsync(rows, cancel);
            Report(counts, "loading the staging table");
            foreach (var objection in ExportPlan.ObjectionToLoad(rows.Lines, await staging.CompleteAsync(cancel)).ToSeq())
                return objection;
        }

        identities.Complete();
        return counts;
    }

    /// <summary>The one statement, until it has run to its end.</summary>
    public async Task<ExportResult> MergeAsync(SnapshotCounts read, CancellationToken cancel)
    {
        Report(read, "merging");
        var sql = Merge.Into(plan.Table, Source, plan.SkipUnchanged);
        var parameters = Parameters(read);
        var content = staging is { Table: var table } ? Encoding.UTF8.GetBytes(table.Table) : SHA256.HashData(parameters.Rows!.Value.Span);
        return await session.Jobs.RunToEndAsync(
            attempt => plan.Job(content, attempt),
            job => Requests.Statement(job, sql, parameters, plan.Settings),
            (done, wasThere) => ConcludeAsync(done, wasThere, read, cancel),
            cancel);
    }

    /// <summary>Counts the effects of <see cref="MergeAsync"/>.</summary>
    public async Task<ExportResult> CountAsync(SnapshotCounts read, CancellationToken cancel)
    {
        var counts = await plan.WithoutTable(identities.Counts).Match(Task.FromResult, async () =>
        {
            var body = Requests.Question(plan.Location, Merge.Count(plan.Table, Source, plan.SkipUnchanged), Parameters(read), plan.Settings);
            return BigQueryException.Unless(DryRunCounts.Read(await session.Jobs.AskAsync(plan.Table.Project, plan.Location, body, cancel)));
        });
        return plan.Superseded(counts.Newest).IfNone(
            () => new ExportResult.DryRun(ExportPlan.Tally(read, identities.Counts, counts.Inserted, counts.Updated, counts.Deleted)));
    }

    public ValueTask DisposeAsync()
    {
        identities.Dispose();
        return staging?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private async Task<Option<ExportResult>> ConcludeAsync(JobState.Done done, bool wasThere, SnapshotCounts read, CancellationToken cancel)
    {
        var sent = identities.Counts;
        var newest = wasThere || ExportPlan.MayBeSuperseded(done, sent) ? await Observe.NewestAsync(session.Jobs, plan, cancel) : None;
        foreach (var superseded in plan.Superseded(newest).ToSeq())
            return superseded;
        return wasThere && !plan.StillStands(newest)
            ? None
            : plan.Objection(done, sent, read, newest).Match<ExportResult>(
                failure => new ExportResult.Failed(failure),
                () => new ExportResult.Exported(ExportPlan.Tally(read, sent, done.Inserted, done.Updated, done.Deleted))
                {
                    Fence = sent.Written > 0 ? plan.FenceAt(plan.Header.ExportedAt, read) : None,
                });
    }

    private RowSource Source => staging is { Table: var table } ? new RowSource.Staging(table) : new RowSource.Parameter();

    private Parameters Parameters(SnapshotCounts read) => staging is null ? plan.WithRows(rows, read) : plan.WithStaging(rows, read);

    private void Report(SnapshotCounts counts, string doing) =>
        progress?.Report(new ExportProgress(counts.Items, counts.Bytes, doing));
}
