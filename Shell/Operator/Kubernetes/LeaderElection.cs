using Kollect.Core.Formatting;
using Kollect.Core.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Kubernetes;

/// <summary>
/// Elects one of several processes as the leader, by a Lease. The elector of the package KubernetesClient (21.0.8) never leads on a Lease without a holder,
/// does not release it, and compares wall clocks.
/// </summary>
/// <remarks>
/// Times are measured by this process's own monotonic clock; no two clocks are compared. A term counts from the moment when its request was sent, and
/// a separate timer holds its deadline: neither a late answer nor a hanging renewal extends it.
/// </remarks>
/// <exception cref="ArgumentException">The times of the options contradict each other.</exception>
internal sealed partial class LeaderElection(IKubernetesApi api, LeaderElectionOptions options, TimeProvider time, ILogger<LeaderElection> log)
{
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(2);

    private readonly LeaderElectionOptions options = options.Checked();
    private StoredLease seen = StoredLease.Absent;
    private long seenSince;
    private string request = "";

    /// <summary>True while the leader's work runs in this process.</summary>
    public bool IsLeader { get; private set; }

    private LeaseMove MoveOfSeen => seen.Lease.MoveOf(options.Identity, time.GetElapsedTime(seenSince));

    /// <summary>Called before a free Lease is taken; false = it is left free for now. Set before the start.</summary>
    internal Func<CancellationToken, Task<bool>> MayTake { get; init; } = static _ => Task.FromResult(true);

    /// <summary>The time of the newest Lease that was acquired or renewed; several elections of a process may share it.</summary>
    internal LeaseTime Held { get; init; } = new(time);

    /// <summary>The candidate that gets the Lease after this term; empty = any.</summary>
    internal string Successor { get; set; } = "";

    /// <summary>Leads whenever it holds the Lease, until cancelled; then releases it.</summary>
    /// <param name="lead">
    /// The work of one term. Its token is cancelled when the Lease cannot be renewed in time; the next term begins only after the work has ended.
    /// </param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancel)
    {
        while (true)
        {
            var asked = await AcquireAsync(cancel);
            await LeadAsync(lead, asked, CancellationToken.None, cancel);
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Tries once to take the Lease; with it leads for one term, and then releases it.</summary>
    /// <param name="observed">The Lease as it was listed last.</param>
    /// <param name="lead">As of <see cref="RunAsync"/>.</param>
    /// <param name="leave">Ends the work; the Lease is renewed until it has ended.</param>
    internal async Task TryAsync(ObservedLease observed, Func<CancellationToken, Task> lead, CancellationToken leave, CancellationToken cancel)
    {
        (seen, seenSince) = (observed.Stored, observed.Since);
        if (await TryAcquireAsync(cancel) is { } asked)
            await LeadAsync(lead, asked, leave, cancel);
    }

    /// <summary>The candidate that has requested the Lease since the last call; empty = none has.</summary>
    internal string TakeRequest() => Interlocked.Exchange(ref request, "");

    /// <summary>Waits for the Lease and returns the time at which the successful request was sent.</summary>
    private async Task<long> AcquireAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (await TryAcquireAsync(cancel) is { } asked)
                return asked;
            await Task.Delay(options.RetryPeriod * (1 + 0.2 * Random.Shared.NextDouble()), time, cancel);
        }
    }

    /// <summary>Tries once; null = the Lease was not acquired.</summary>
    private async Task<long?> TryAcquireAsync(CancellationToken cancel)
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

        return null;
    }

    /// <summary>Runs one term: the work and the renewals, in parallel. The end of either one ends the other.</summary>
    private async Task LeadAsync(Func<CancellationToken, Task> lead, long asked, CancellationToken leave, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(LeftSince(asked), time);
        Held.Renewed(asked, options.RenewDeadline);
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(term.Token, leave);
        IsLeader = true;
        TakeRequest(); // of an earlier holder
        Elected(log, options.Identity, options.Lease);
        var work = Task.Run(() => lead(stop.Token), CancellationToken.None);
        var renewals = RenewAsync(deadline, term.Token);
        try
        {
            await Task.WhenAny(work, renewals);
            if (deadline.IsCancellationRequested)
                NotRenewed(log, options.Lease, options.RenewDeadline);
            await term.CancelAsync();
            await Task.WhenAll(UntilCancelledAsync(work), UntilCancelledAsync(renewals));
        }
        finally
        {
            IsLeader = false;
            await ReleaseAsync();
        }
    }

    /// <summary>Each renewal moves the deadline. Returns when another process holds the Lease.</summary>
    private async Task RenewAsync(CancellationTokenSource deadline, CancellationToken term)
    {
        while (true)
        {
            await Task.Delay(options.RetryPeriod, time, term);
            var asked = time.GetTimestamp();
            if (await TryHoldAsync(term))
            {
                Held.Renewed(asked, options.RenewDeadline);
                deadline.CancelAfter(LeftSince(asked));
            }
            else if (seen.Lease.Holder.Length > 0 && seen.Lease.Holder != options.Identity)
            {
                Lost(log, options.Lease, Shown.Plain(seen.Lease.Holder));
                return;
            }
        }
    }

    /// <summary>Tries once to take or renew the Lease; false = another process holds it, or the API server refused.</summary>
    private async Task<bool> TryHoldAsync(CancellationToken cancel)
    {
        try
        {
            // An own Lease is renewed without reading it first; the server reports a conflict where another writer changed it.
            return (seen.Lease.Holder == options.Identity && await TryStoreAsync(cancel))
                || (await MayHoldAsync(cancel) && await TryStoreAsync(cancel));
        }
        catch (ApiException failure)
        {
            CannotHold(log, options.Lease, failure.Message);
            return false;
        }
    }

    private async Task<bool> MayHoldAsync(CancellationToken cancel)
    {
        var found = await api.GetAsync(StoredLease.Resource, options.Lease, cancel) is { } json ? StoredLease.Read(json) : StoredLease.Absent;
        if (found.Json is null && time.GetElapsedTime(seenSince) <= options.LeaseDuration && MoveOfSeen == LeaseMove.Wait)
            return false; // somebody has deleted it; its holder works until its next renewal, by which it creates the Lease again
        See(found);
        return MoveOfSeen switch
        {
            LeaseMove.Wait => false,
            LeaseMove.Take => await MayTake(cancel),
            _ => true,
        };
    }

    /// <summary>False = another writer has changed the Lease since it was read.</summary>
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
        catch (ApiException overtaken) when (isNew ? overtaken.Kind is ApiError.AlreadyExists : overtaken.Kind is ApiError.Conflict or ApiError.NotFound)
        {
            return false;
        }
    }

    /// <summary>Only a change of the spec counts as a sign of life: other writers may change the metadata of a Lease whose holder is dead.</summary>
    private void See(StoredLease now)
    {
        if (now.Lease != seen.Lease)
            seenSince = time.GetTimestamp();
        if (now.Request.Length > 0)
            Interlocked.Exchange(ref request, now.Request);
        seen = now;
    }

    /// <summary>Reads the Lease again first: a cancelled renewal may have reached the server.</summary>
    private async Task ReleaseAsync()
    {
        if (seen.Lease.Holder != options.Identity)
            return;
        using var timeout = new CancellationTokenSource(ReleaseTimeout, time);
        try
        {
            if (!await MayHoldAsync(timeout.Token) || seen.Lease.Holder != options.Identity)
                return;
            var now = StoredLease.Text(time.GetUtcNow());
            var after = Successor.Length > 0 ? seen.Lease.HeldBy(Successor, options.LeaseDuration, now) : seen.Lease.Released(now);
            var body = seen.With(after, options.Lease);
            See(StoredLease.Read(await api.ReplaceAsync(StoredLease.Resource, options.Lease, body, timeout.Token)));
            Released(log, options.Lease);
        }
        catch (Exception failure) when (failure is ApiException or OperationCanceledException)
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
            // Cancellation is how a term ends.
        }
    }

    [LoggerMessage(
        EventId = LogEvents.LeaderElected, EventName = nameof(LogEvents.LeaderElected), Level = LogLevel.Information,
        Message = "{Identity} leads: it holds the Lease {Lease}")]
    private static partial void Elected(ILogger log, string identity, ObjectName lease);

    [LoggerMessage(
        EventId = LogEvents.LeaseReleased, EventName = nameof(LogEvents.LeaseReleased), Level = LogLevel.Information,
        Message = "The Lease {Lease} was released")]
    private static partial void Released(ILogger log, ObjectName lease);

    [LoggerMessage(
        EventId = LogEvents.LeadershipLost, EventName = nameof(LogEvents.LeadershipLost), Level = LogLevel.Warning,
        Message = "The Lease {Lease} now belongs to {Holder}: all work under it stops")]
    private static partial void Lost(ILogger log, ObjectName lease, string holder);

    [LoggerMessage(
        EventId = LogEvents.LeaseNotRenewed, EventName = nameof(LogEvents.LeaseNotRenewed), Level = LogLevel.Warning,
        Message = "The Lease {Lease} could not be renewed for {Time}: all work under it stops")]
    private static partial void NotRenewed(ILogger log, ObjectName lease, TimeSpan time);

    [LoggerMessage(
        EventId = LogEvents.LeaseNotHeld, EventName = nameof(LogEvents.LeaseNotHeld), Level = LogLevel.Warning,
        Message = "The Lease {Lease} could not be taken or renewed: {Why}")]
    private static partial void CannotHold(ILogger log, ObjectName lease, string why);

    [LoggerMessage(
        EventId = LogEvents.LeaseNotReleased, EventName = nameof(LogEvents.LeaseNotReleased), Level = LogLevel.Warning,
        Message = "The Lease {Lease} could not be released; the next leader waits until it expires: {Why}")]
    private static partial void CannotRelease(ILogger log, ObjectName lease, string why);
}
