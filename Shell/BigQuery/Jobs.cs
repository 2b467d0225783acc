using System.Diagnostics;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Failures;
using Polly;
using Polly.Retry;

namespace Kollect.BigQuery;

/// <summary>Submits jobs, finds them again after a lost answer, and waits for their end.</summary>
internal sealed class Jobs(BigQueryService service, TimeProvider clock)
{
    private const string Duplicate = "duplicate";
    private const string NotFound = "notFound";

    private readonly ResiliencePipeline retry = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Waits.BigQueryRequests.Retries,
            ShouldHandle = new PredicateBuilder().Handle<BigQueryException>(error => Errors.IsTransient(error.Fault)),
            DelayGenerator = call => ValueTask.FromResult<TimeSpan?>(Waits.BigQueryRequests.After(call.AttemptNumber + 1, Random.Shared.NextDouble())),
        })
        .Build();

    /// <summary>The end of a submitted job.</summary>
    /// <param name="WasThere">True = it had ended before its first submission.</param>
    private sealed record Completed(JobState State, bool WasThere);

    /// <summary>One request; transient errors are tried again, others are a <see cref="BigQueryException"/>.</summary>
    public async Task<string> CallAsync(Func<CancellationToken, Task<string>> request, CancellationToken cancel)
    {
        BigQueryException? last = null;
        try
        {
            return await retry.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        return await OnceAsync(request, token);
                    }
                    catch (BigQueryException failed)
                    {
                        last = failed;
                        throw;
                    }
                },
                cancel);
        }
        catch (OperationCanceledException) when (last is not null)
        {
            throw last; // the time is over, and this is why
        }
    }

    /// <summary>The same; None = the object does not exist.</summary>
    public async Task<Option<string>> FindAsync(Func<CancellationToken, Task<string>> request, CancellationToken cancel)
    {
        try
        {
            return await CallAsync(request, cancel);
        }
        catch (BigQueryException error) when (error.Fault is Fault.Server { Code: NotFound })
        {
            return None;
        }
    }

    /// <summary>The same; None = the object exists already.</summary>
    public async Task<Option<string>> CreateAsync(Func<CancellationToken, Task<string>> request, CancellationToken cancel)
    {
        try
        {
            return await CallAsync(request, cancel);
        }
        catch (BigQueryException error) when (error.Fault is Fault.Server { Code: Duplicate })
        {
            return None;
        }
    }

    /// <summary>Runs a statement under an id that the client chose. It runs once, however often it is submitted.</summary>
    private async Task<Completed> RunAsync(JobReference job, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var sent = 0;
        var inserted = await CreateAsync(
            token =>
            {
                sent++;
                return service.InsertJobAsync(job.Project, body, token);
            },
            cancel);
        var state = await inserted.Match(
            resource => Task.FromResult(BigQueryException.Unless(JobState.Read(resource))),
            () => GetAsync(job, cancel));
        var wasThere = inserted.IsNone && sent == 1 && state is not JobState.Running;
        return new Completed(await WaitAsync(job, state, cancel), wasThere);
    }

    /// <summary>Runs a statement, under a new id where a job failed for a time, until it has done what <paramref name="conclude"/> accepts.</summary>
    /// <param name="job">The id of an attempt, counted from 0.</param>
    /// <param name="conclude">
    /// None = the job of this id had ended before, and the rows were changed since: the statement runs again under the next id.
    /// </param>
    public async Task<T> RunToEndAsync<T>(
        Func<int, JobReference> job,
        Func<JobReference, ReadOnlyMemory<byte>> body,
        Func<JobState.Done, bool, Task<Option<T>>> conclude,
        CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            var next = job(attempt);
            var ended = await RunAsync(next, body(next), cancel);
            switch (ended)
            {
                case { State: JobState.Failed failed } when attempt < Waits.BigQueryRequests.Retries && (ended.WasThere || Errors.IsTransient(failed.Fault)):
                    await PauseAsync(attempt, cancel);
                    break;
                case { State: JobState.Failed failed }:
                    throw new BigQueryException(failed.Fault);
                case { State: JobState.Done done }:
                    if ((await conclude(done, ended.WasThere)).Case is T result)
                        return result;
                    if (attempt >= Waits.BigQueryRequests.Retries)
                        await PauseAsync(attempt, cancel); // a service that knows every job already would be asked without end
                    break;
                default:
                    throw new UnreachableException();
            }
        }
    }

    /// <summary>Waits for the end of a job.</summary>
    public async Task<JobState> WaitAsync(JobReference job, JobState state, CancellationToken cancel)
    {
        for (var polls = 1; state is JobState.Running; polls++)
        {
            await Task.Delay(Waits.BigQueryJobs.After(polls, jitter: 0), clock, cancel);
            state = await GetAsync(job, cancel);
        }

        return state;
    }

    private async Task<JobState> GetAsync(JobReference job, CancellationToken cancel) =>
        BigQueryException.Unless(JobState.Read(await CallAsync(token => service.GetJobAsync(job, token), cancel)));

    /// <summary>Waits before a statement runs again after it failed.</summary>
    private Task PauseAsync(int attempt, CancellationToken cancel) =>
        Task.Delay(Waits.BigQueryRequests.After(attempt + 1, Random.Shared.NextDouble()), clock, cancel);

    /// <summary>A small question; gives the values of its only row, see <see cref="Answer.Complete"/>.</summary>
    public async Task<Seq<Option<string>>> AskAsync(string project, string location, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var answer = BigQueryException.Unless(Answer.Read(await CallAsync(token => service.QueryAsync(project, body, token), cancel)));
        for (var polls = 1; answer is Answer.Pending pending; polls++)
        {
            // The service itself waits before it answers; something else may not.
            await Task.Delay(Waits.BigQueryJobs.After(polls, jitter: 0), clock, cancel);
            var job = new JobReference(project, pending.JobId, location);
            answer = BigQueryException.Unless(Answer.Read(await CallAsync(token => service.GetQueryResultsAsync(job, token), cancel)));
        }

        return ((Answer.Complete)answer).FirstRow;
    }

    /// <summary>A request as the service answers it: whatever else ends it is a <see cref="BigQueryException"/>, unless it was cancelled.</summary>
    public static async Task<string> OnceAsync(Func<CancellationToken, Task<string>> request, CancellationToken cancel)
    {
        try
        {
            return await request(cancel);
        }
        catch (Exception exception) when (exception is not BigQueryException && !(exception is OperationCanceledException && cancel.IsCancellationRequested))
        {
            throw new BigQueryException(Faults.OfRequest(exception));
        }
    }
}
