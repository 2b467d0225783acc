using System.Diagnostics;
using System.IO.Pipelines;
using Kollect.Core.Backends.BigQuery;

namespace Kollect.BigQuery;

/// <summary>
/// A table of its own for the rows of one export, filled by one load job while the rows are still being read, and deleted at the end
/// whatever happens.
/// </summary>
internal sealed class Staging : IAsyncDisposable
{
    private static readonly TimeSpan DeleteLimit = TimeSpan.FromSeconds(10);

    private readonly BigQueryService service;
    private readonly Jobs jobs;
    private readonly JobReference job;
    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20, minimumSegmentSize: 1 << 16));
    private readonly CancellationTokenSource abandoned = new();
    private readonly Task<string> upload;
    private bool completed;

    private Staging(Session session, ExportPlan plan, TableId table, JobReference job)
    {
        (service, jobs, this.job, Table) = (session.Service, session.Jobs, job, table);
        upload = service.UploadAsync(table.Project, Requests.Load(job, table, plan.Settings), pipe.Reader.AsStream(), abandoned.Token);
    }

    public TableId Table { get; }

    /// <summary>Creates the table and opens the upload.</summary>
    public static async Task<Staging> BeginAsync(Session session, ExportPlan plan, DateTimeOffset now, CancellationToken cancel)
    {
        var unique = Guid.NewGuid().ToString("N");
        var table = plan.Staging(unique);
        var body = Requests.StagingTable(table, now + ExportPlan.StagingLifetime, plan.Settings);
        await session.Jobs.CreateAsync(token => session.Service.InsertTableAsync(table, body, token), cancel);
        return new Staging(session, plan, table, new JobReference(table.Project, $"kollect_load_{unique}", plan.Location));
    }

    /// <summary>Takes the lines of <paramref name="rows"/>; waits while the service is slower than the input.</summary>
    public async Task WriteAsync(SourceRows rows, CancellationToken cancel)
    {
        for (var more = true; more;)
        {
            more = rows.TakeLines(pipe.Writer);
            var written = pipe.Writer.FlushAsync(cancel).AsTask();

            // An upload that has failed reads no more: waiting for the pipe alone would never end.
            if (await Task.WhenAny(written, upload) == upload)
                await UploadedAsync();
            await written;
        }
    }

    /// <summary>Afterwards the table holds the lines; gives the rows that the service counted.</summary>
    public async Task<long> CompleteAsync(CancellationToken cancel)
    {
        await pipe.Writer.CompleteAsync();
        completed = true;
        var state = BigQueryException.Unless(JobState.Read(await UploadedAsync().WaitAsync(cancel)));
        return await jobs.WaitAsync(job, state, cancel) switch
        {
            JobState.Failed failed => throw new BigQueryException(failed.Fault),
            JobState.Done done => done.Loaded,
            _ => throw new UnreachableException(),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await abandoned.CancelAsync(); // also where only the answer is missing
        if (!completed)
            await pipe.Writer.CompleteAsync(new OperationCanceledException());
        await Task.WhenAny(upload);
        using var limit = new CancellationTokenSource(DeleteLimit);
        try
        {
            await jobs.FindAsync(token => service.DeleteTableAsync(Table, token), limit.Token);
        }
        catch (Exception exception) when (exception is BigQueryException or OperationCanceledException)
        {
            // It expires.
        }

        abandoned.Dispose();
    }

    private Task<string> UploadedAsync() => Jobs.OnceAsync(_ => upload, abandoned.Token);
}
