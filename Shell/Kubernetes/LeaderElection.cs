using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Kubernetes;

/// <summary>Which Lease, and in whose name.</summary>
/// <param name="Lease">Namespace and name.</param>
/// <param name="Identity">Differs between any two processes that ever run.</param>
public sealed record LeaderElectionOptions(ObjectName Lease, string Identity)
{
    /// <summary>How long others wait after the last renewal before they take over: client-go's default.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for so long stops its work: well before <see cref="LeaseDuration"/>, so that two never work at once.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause between two looks or renewals.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Lets one of many processes lead at a time, by a Lease.</summary>
/// <remarks>Times are measured by this process's own monotonic clock; no two clocks are compared.</remarks>
public sealed partial class LeaderElection(IKubernetesApi api, LeaderElectionOptions options, TimeProvider time, ILogger<LeaderElection> log)
{
    private Lease seen = Lease.Fresh;
    private long seenSince;

    /// <summary>True while the work of the leader runs.</summary>
    public bool IsLeader { get; private set; }

    /// <summary>Leads whenever it can, until cancelled; then lets the Lease go.</summary>
    /// <param name="lead">The work of one term. Its token is cancelled when the Lease could not be renewed; the next term begins only after it has ended.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancel)
    {
        while (true)
        {
            await AcquireAsync(cancel);
            using var term = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            IsLeader = true;
            Elected(log, options.Identity, options.Lease);
            var work = lead(term.Token);
            var renewal = RenewAsync(term.Token);
            try
            {
                await Task.WhenAny(work, renewal);
                await term.CancelAsync();
                await IgnoreCancellationAsync(renewal);
                await IgnoreCancellationAsync(work);
            }
            finally
            {
                IsLeader = false;
                await ReleaseAsync();
            }

            cancel.ThrowIfCancellationRequested();
        }
    }

    private async Task AcquireAsync(CancellationToken cancel)
    {
        while (!await TryTakeAsync(cancel))
            await Task.Delay(options.RetryPeriod * (1 + 0.2 * Random.Shared.NextDouble()), time, cancel);
    }

    /// <summary>Ends when the Lease is lost, or could not be renewed in time.</summary>
    private async Task RenewAsync(CancellationToken term)
    {
        var renewed = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(options.RetryPeriod, time, term);
            var left = options.RenewDeadline - time.GetElapsedTime(renewed);
            using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(term, deadline.Token);
            var attempt = time.GetTimestamp();
            try
            {
                if (await TryTakeAsync(stop.Token))
                    renewed = attempt; // what counts is when it was asked for, not when the answer came
                else if (seen.Holder != options.Identity)
                {
                    Lost(log, seen.Holder);
                    return;
                }
            }
            catch (OperationCanceledException) when (!term.IsCancellationRequested)
            {
                // The deadline: below.
            }

            if (time.GetElapsedTime(renewed) >= options.RenewDeadline)
            {
                NotRenewed(log, options.RenewDeadline);
                return;
            }
        }
    }

    /// <summary>One attempt to take or renew the Lease; false = it belongs to somebody else, or the API server did not let us.</summary>
    private async Task<bool> TryTakeAsync(CancellationToken cancel)
    {
        try
        {
            var found = await api.GetAsync(Lease.Resource, options.Lease, cancel);
            var lease = found is null ? Lease.Fresh : Lease.Read(found);
            if (lease != seen)
                (seen, seenSince) = (lease, time.GetTimestamp());
            if (!lease.IsOpenTo(options.Identity, time.GetElapsedTime(seenSince)))
                return false;
            var taken = lease.TakenBy(options.Identity, options.LeaseDuration, time.GetUtcNow()).Write(options.Lease);
            var stored = found is null
                ? await api.CreateAsync(Lease.Resource, options.Lease.Namespace, taken, cancel)
                : await api.ReplaceAsync(Lease.Resource, options.Lease, taken, cancel);
            (seen, seenSince) = (Lease.Read(stored), time.GetTimestamp());
            return true;
        }
        catch (KubernetesException failure)
        {
            if (failure.Kind is not (ApiError.Conflict or ApiError.AlreadyExists))
                CannotTake(log, options.Lease, failure.Message);
            return false;
        }
    }

    private async Task ReleaseAsync()
    {
        if (seen.Holder != options.Identity)
            return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            seen = Lease.Read(await api.ReplaceAsync(Lease.Resource, options.Lease, seen.Released(time.GetUtcNow()).Write(options.Lease), patience.Token));
            Released(log, options.Lease);
        }
        catch (Exception failure) when (failure is KubernetesException or OperationCanceledException)
        {
            CannotTake(log, options.Lease, failure.Message);
        }
    }

    private static async Task IgnoreCancellationAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // The end of a term.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Identity} leads: it holds the Lease {Lease}")]
    private static partial void Elected(ILogger log, string identity, ObjectName lease);

    [LoggerMessage(Level = LogLevel.Information, Message = "The Lease {Lease} was let go")]
    private static partial void Released(ILogger log, ObjectName lease);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Lease now belongs to {Holder}: all work stops")]
    private static partial void Lost(ILogger log, string holder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Lease could not be renewed for {Time}: all work stops")]
    private static partial void NotRenewed(ILogger log, TimeSpan time);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Lease {Lease} could not be taken, renewed or let go: {Why}")]
    private static partial void CannotTake(ILogger log, ObjectName lease, string why);
}
