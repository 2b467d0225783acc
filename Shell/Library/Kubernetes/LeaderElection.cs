using Kollect.Core.Kubernetes;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Kubernetes;

/// <summary>Lets one of many processes lead at a time, by a Lease.</summary>
/// <remarks>
/// Times are measured by this process's own monotonic clock; no two clocks are compared. A term is counted from the moment when it was asked for, and
/// its deadline is a timer of its own: neither an answer that comes late nor a renewal that hangs can stretch it.
/// </remarks>
/// <exception cref="ArgumentException">The times of the options contradict each other.</exception>
public sealed partial class LeaderElection(IKubernetesApi api, LeaderElectionOptions options, TimeProvider time, ILogger<LeaderElection> log)
{
    private static readonly TimeSpan TimeoutAtTheEnd = TimeSpan.FromSeconds(2);

    private readonly LeaderElectionOptions options = options.Checked();
    private StoredLease seen = StoredLease.Absent;
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
            var asked = await AcquireAsync(cancel);
            await LeadAsync(lead, asked, cancel);
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits for the Lease; answers when the request was sent that took it.</summary>
    private async Task<long> AcquireAsync(CancellationToken cancel)
    {
        while (true)
        {
            var asked = time.GetTimestamp();
            using var deadline = new CancellationTokenSource(options.RenewDeadline, time);
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
            try
            {
                if (await TryHoldAsync(attempt.Token) && !deadline.IsCancellationRequested)
                    return asked;
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                CannotHold(log, options.Lease, "no answer in time");
            }

            await Task.Delay(options.RetryPeriod * (1 + 0.2 * Random.Shared.NextDouble()), time, cancel);
        }
    }

    /// <summary>One term: the work, and the renewals beside it. Whichever ends first ends the other.</summary>
    private async Task LeadAsync(Func<CancellationToken, Task> lead, long asked, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(LeftSince(asked), time);
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        IsLeader = true;
        Elected(log, options.Identity, options.Lease);
        var work = Task.Run(() => lead(term.Token), CancellationToken.None);
        var renewals = RenewAsync(deadline, term.Token);
        try
        {
            await Task.WhenAny(work, renewals);
            if (deadline.IsCancellationRequested)
                NotRenewed(log, options.RenewDeadline);
            await term.CancelAsync();
            await Task.WhenAll(UntilCancelledAsync(work), UntilCancelledAsync(renewals));
        }
        finally
        {
            IsLeader = false;
            await ReleaseAsync();
        }
    }

    /// <summary>Each renewal moves the deadline; ends when the Lease is another's.</summary>
    private async Task RenewAsync(CancellationTokenSource deadline, CancellationToken term)
    {
        while (true)
        {
            await Task.Delay(options.RetryPeriod, time, term);
            var asked = time.GetTimestamp();
            if (await TryHoldAsync(term))
                deadline.CancelAfter(LeftSince(asked));
            else if (seen.Lease.Holder != options.Identity)
            {
                Lost(log, seen.Lease.Holder);
                return;
            }
        }
    }

    /// <summary>One attempt to take or renew the Lease; false = it is another's, or the API server did not let us.</summary>
    private async Task<bool> TryHoldAsync(CancellationToken cancel)
    {
        try
        {
            // Our own is renewed as we left it; where somebody wrote since, the server says so.
            return (seen.Lease.Holder == options.Identity && await TryStoreAsync(cancel))
                || (await MayHoldAsync(cancel) && await TryStoreAsync(cancel));
        }
        catch (KubernetesException failure)
        {
            CannotHold(log, options.Lease, failure.Message);
            return false;
        }
    }

    private async Task<bool> MayHoldAsync(CancellationToken cancel)
    {
        See(await api.GetAsync(StoredLease.Resource, options.Lease, cancel) is { } found ? StoredLease.Read(found) : StoredLease.Absent);
        return seen.Lease.MoveOf(options.Identity, time.GetElapsedTime(seenSince)) != LeaseMove.Wait;
    }

    /// <summary>False = somebody has written since the Lease was seen.</summary>
    private async Task<bool> TryStoreAsync(CancellationToken cancel)
    {
        var isNew = seen.Json is null;
        var body = seen.With(seen.Lease.HeldBy(options.Identity, options.LeaseDuration, StoredLease.Text(time.GetUtcNow())), options.Lease);
        try
        {
            See(StoredLease.Read(await (isNew
                ? api.CreateAsync(StoredLease.Resource, options.Lease.Namespace, body, cancel)
                : api.ReplaceAsync(StoredLease.Resource, options.Lease, body, cancel))));
            return true;
        }
        catch (KubernetesException overtaken) when (isNew ? overtaken.Kind is ApiError.AlreadyExists : overtaken.Kind is ApiError.Conflict or ApiError.NotFound)
        {
            return false;
        }
    }

    /// <summary>What others write besides the spec does not make a silent holder look alive.</summary>
    private void See(StoredLease now)
    {
        if (now.Lease != seen.Lease)
            seenSince = time.GetTimestamp();
        seen = now;
    }

    /// <summary>Reads it again before: a renewal that was cancelled on its way may have arrived.</summary>
    private async Task ReleaseAsync()
    {
        if (seen.Lease.Holder != options.Identity)
            return;
        using var timeout = new CancellationTokenSource(TimeoutAtTheEnd, time);
        try
        {
            if (!await MayHoldAsync(timeout.Token) || seen.Lease.Holder != options.Identity)
                return;
            var body = seen.With(seen.Lease.Released(StoredLease.Text(time.GetUtcNow())), options.Lease);
            See(StoredLease.Read(await api.ReplaceAsync(StoredLease.Resource, options.Lease, body, timeout.Token)));
            Released(log, options.Lease);
        }
        catch (Exception failure) when (failure is KubernetesException or OperationCanceledException)
        {
            CannotRelease(log, options.Lease, failure.Message);
        }
    }

    private TimeSpan LeftSince(long asked)
    {
        var left = options.RenewDeadline - time.GetElapsedTime(asked);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static async Task UntilCancelledAsync(Task task)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Lease {Lease} could not be taken or renewed: {Why}")]
    private static partial void CannotHold(ILogger log, ObjectName lease, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Lease {Lease} could not be let go, so that the next leader has to wait for its end: {Why}")]
    private static partial void CannotRelease(ILogger log, ObjectName lease, string why);
}
