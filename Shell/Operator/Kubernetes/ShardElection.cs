using Kollect.Core.Formatting;
using Kollect.Core.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Kubernetes;

/// <summary>
/// Shares the shards among several processes, by a Lease for each shard; each term is one of <see cref="LeaderElection"/>. Which shards to take, to
/// request and to give away is decided by <see cref="ShardBalance"/>.
/// </summary>
/// <remarks>
/// Processes with another number of shards have Leases of other names. A process takes no Lease while one of those is held, and lists them once more
/// after it has taken its own and before it works: of two that take Leases at the same time, at least one sees the other.
/// </remarks>
/// <param name="options">Its Lease is that of a single shard; the names of the others begin with it.</param>
/// <param name="count">The number of shards: 1 = a leader election.</param>
internal sealed partial class ShardElection(
    IKubernetesApi api, LeaderElectionOptions options, int count, TimeProvider time, ILogger<LeaderElection> log)
{
    private readonly LeaderElectionOptions options = options.Checked();
    private readonly Dictionary<int, ShardTerm> terms = [];
    private volatile ObservedLeases leases = ObservedLeases.None(time);
    private volatile Shard? waitsFor;
    private IReadOnlyCollection<Shard> damaged = [];

    /// <inheritdoc cref="LeaderElection.Held"/>
    internal LeaseTime Held { get; init; } = new(time);

    /// <summary>Leads in each shard while it holds its Lease, until cancelled; then releases all of them.</summary>
    /// <param name="lead">As of <see cref="LeaderElection.RunAsync"/>, for one shard.</param>
    public Task RunAsync(Func<Shard, CancellationToken, Task> lead, CancellationToken cancel) =>
        count == 1 ? LeadWholeAsync(lead, cancel) : ShareAsync(lead, cancel);

    private Task LeadWholeAsync(Func<Shard, CancellationToken, Task> lead, CancellationToken cancel)
    {
        var election = new LeaderElection(api, options, time, log)
        {
            Held = Held,
            MayTake = async stop => await ListAsync(stop) is { } now && IsAlone(now),
        };
        return election.RunAsync(stop => WorkAsync(Shard.Whole, lead, stop), cancel);
    }

    private async Task ShareAsync(Func<Shard, CancellationToken, Task> lead, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            while (true)
            {
                await MoveAsync(lead, stop.Token);
                var pause = options.RetryPeriod * (1 + 0.2 * Random.Shared.NextDouble());
                var wait = leases.UntilNextExpiry(pause) + TimeSpan.FromMilliseconds(1);
                await Task.Delay(wait, time, cancel);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(terms.Values.Select(it => it.EndAsync()));
        }
    }

    /// <summary>One look at the Leases, and the moves that follow from it.</summary>
    private async Task MoveAsync(Func<Shard, CancellationToken, Task> lead, CancellationToken cancel)
    {
        foreach (var (index, ended) in terms.Where(it => it.Value.HasEnded).ToArray())
        {
            terms.Remove(index);
            await ended.EndAsync();
        }

        if (await ListAsync(cancel) is not { } now)
            return;
        ReportDamaged(now);
        var balance = Give(new ShardBalance(Shard.All(count).Map(it =>
            terms.ContainsKey(it.Index) ? Some(options.Identity) : now.Damaged.ContainsKey(it) ? None : Some(now.HolderOf(it))).Strict()));
        if (!IsAlone(now))
            return;
        foreach (var shard in Join(GivenToThis(now), balance.ToTake(options.Identity).Map(it => new Shard(it, count))))
            terms[shard.Index] = ShardTerm.Start(
                new LeaderElection(api, options with { Lease = NameOf(shard) }, time, log) { Held = Held },
                now.Find(shard) ?? new ObservedLease(StoredLease.Absent, time.GetTimestamp()),
                stop => WorkAsync(shard, lead, stop),
                cancel);
        foreach (var index in balance.ToRequest(options.Identity))
            await RequestAsync(new Shard(index, count), now, cancel);
    }

    /// <summary>The shards that other processes gave to this one.</summary>
    private Seq<Shard> GivenToThis(ObservedLeases now) =>
        Shard.All(count).Filter(it => !terms.ContainsKey(it.Index) && !now.Damaged.ContainsKey(it) && now.HolderOf(it) == options.Identity).Strict();

    /// <summary>Gives away what others have requested, where this process holds more than they do; returns the holders after that.</summary>
    private ShardBalance Give(ShardBalance balance)
    {
        foreach (var (index, term) in terms)
            if (term.TakeRequest() is { Length: > 0 } candidate && balance.Gives(options.Identity, candidate))
            {
                GivesAway(log, NameOf(new Shard(index, count)), Shown.Plain(candidate));
                term.Give(candidate);
                balance = balance.With(index, candidate);
            }

        return balance;
    }

    /// <summary>Where another process has requested the Lease too, this one waits for the end of that.</summary>
    private async Task RequestAsync(Shard shard, ObservedLeases now, CancellationToken cancel)
    {
        if (now.Find(shard) is not { Stored: { Request.Length: 0 } stored })
            return;
        try
        {
            await api.ReplaceAsync(StoredLease.Resource, NameOf(shard), stored.RequestedFor(options.Identity), cancel);
        }
        catch (ApiException failure)
        {
            // A conflict, because its holder has renewed it, is as likely as any other failure: the next look requests it again.
            CannotRequest(log, NameOf(shard), failure.Message);
        }
    }

    private async Task WorkAsync(Shard shard, Func<Shard, CancellationToken, Task> lead, CancellationToken stop)
    {
        // The list before the Lease was taken is not enough: another process may have taken one in the meantime.
        var now = await ListAsync(stop);
        for (; now is null; now = await ListAsync(stop))
            await Task.Delay(options.RetryPeriod, time, stop);
        if (IsAlone(now))
            await lead(shard, stop);
    }

    /// <summary>True = no Lease is held for another number of shards.</summary>
    private bool IsAlone(ObservedLeases now)
    {
        var other = now.HeldForOther(count);
        if (other is not null && other.Count != waitsFor?.Count)
            Waits(log, NameOf(other), other.Count, count);
        waitsFor = other;
        return other is null;
    }

    /// <summary>Once for each Lease that has been damaged since the last look.</summary>
    private void ReportDamaged(ObservedLeases now)
    {
        foreach (var (shard, why) in now.Damaged.Where(it => it.Key.Count == count && !damaged.Contains(it.Key)))
            Damaged(log, NameOf(shard), why);
        damaged = [.. now.Damaged.Keys];
    }

    /// <summary>Null = the API server does not answer. Where a single shard may not list Leases, there are no others.</summary>
    private async Task<ObservedLeases?> ListAsync(CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.RenewDeadline, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            return leases = await leases.ListAsync(api, options, attempt.Token);
        }
        catch (ApiException failure)
        {
            CannotList(log, options.Lease.Namespace, failure.Message);
            return count == 1 && failure.Kind is ApiError.Forbidden ? leases : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            CannotList(log, options.Lease.Namespace, "no answer in time");
            return null;
        }
    }

    private ObjectName NameOf(Shard shard) => options.Lease with { Name = shard.LeaseName(options.Lease.Name) };

    [LoggerMessage(
        EventId = LogEvents.LeasesNotListed, EventName = nameof(LogEvents.LeasesNotListed), Level = LogLevel.Warning,
        Message = "The Leases of the replicas in namespace {Namespace} could not be listed: {Why}")]
    private static partial void CannotList(ILogger log, string @namespace, string why);

    [LoggerMessage(
        EventId = LogEvents.LeaseDamaged, EventName = nameof(LogEvents.LeaseDamaged), Level = LogLevel.Warning,
        Message = "No replica can take the shard of the Lease {Lease}, and its inventories are not exported: {Why}")]
    private static partial void Damaged(ILogger log, ObjectName lease, string why);

    [LoggerMessage(
        EventId = LogEvents.OtherShardCount, EventName = nameof(LogEvents.OtherShardCount), Level = LogLevel.Warning,
        Message = "The Lease {Lease} is held by a replica with --shards {Other}, and this one has --shards {Shards}: it waits until all of those have stopped")]
    private static partial void Waits(ILogger log, ObjectName lease, int other, int shards);

    [LoggerMessage(
        EventId = LogEvents.ShardGivenAway, EventName = nameof(LogEvents.ShardGivenAway), Level = LogLevel.Information,
        Message = "The shard of the Lease {Lease} goes to {Candidate}, which holds fewer: its work stops here")]
    private static partial void GivesAway(ILogger log, ObjectName lease, string candidate);

    [LoggerMessage(
        EventId = LogEvents.ShardNotRequested, EventName = nameof(LogEvents.ShardNotRequested), Level = LogLevel.Debug,
        Message = "The Lease {Lease} could not be requested of its holder; retry soon: {Why}")]
    private static partial void CannotRequest(ILogger log, ObjectName lease, string why);
}
