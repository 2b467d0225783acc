using Kollect.Core.Kubernetes;

namespace Kollect.Operator.Kubernetes;

/// <summary>
/// The Leases of all shards as one list gave them, also of replicas that divide the work into another number of shards. Immutable. A Lease has expired when
/// this process has observed no change of it for its duration.
/// </summary>
/// <remarks>
/// The holder of a Lease that somebody deleted or damaged works until its next renewal. So such a Lease stays as it was last seen, for the time in which a
/// replica would have renewed it.
/// </remarks>
internal sealed class ObservedLeases
{
    private readonly IReadOnlyDictionary<Shard, ObservedLease> leases;
    private readonly TimeProvider time;

    private ObservedLeases(IReadOnlyDictionary<Shard, ObservedLease> leases, IReadOnlyDictionary<Shard, string> damaged, TimeProvider time) =>
        (this.leases, Damaged, this.time) = (leases, damaged, time);

    /// <summary>Why the Lease of a shard cannot be read. Nobody can take or renew it.</summary>
    public IReadOnlyDictionary<Shard, string> Damaged { get; }

    /// <summary>Before the first list.</summary>
    public static ObservedLeases None(TimeProvider time) => new(new Dictionary<Shard, ObservedLease>(), new Dictionary<Shard, string>(), time);

    /// <summary>Lists the Leases again; an <see cref="ApiException"/> if the API server does not answer.</summary>
    /// <param name="election">The Lease of a single shard, whose name those of the others begin with; and how long a replica's Lease is valid.</param>
    public async Task<ObservedLeases> ListAsync(IKubernetesApi api, LeaderElectionOptions election, CancellationToken cancel)
    {
        var now = new Dictionary<Shard, ObservedLease>();
        var damaged = new Dictionary<Shard, string>();
        await foreach (var page in api.ListAsync(StoredLease.Resource, new Selection(election.Lease.Namespace), cancel))
            foreach (var item in page.Items)
                foreach (var shard in Shard.OfLease(ObjectHead.Of(item).Name.Name, election.Lease.Name))
                    try
                    {
                        var stored = StoredLease.Read(item);
                        now[shard] = new ObservedLease(
                            stored, Find(shard) is { } before && before.Stored.Lease == stored.Lease ? before.Since : time.GetTimestamp());
                    }
                    catch (ApiException unreadable)
                    {
                        damaged[shard] = unreadable.Message;
                    }

        foreach (var (shard, before) in leases.Where(it => HolderOf(it.Key).Length > 0 && time.GetElapsedTime(it.Value.Since) <= election.LeaseDuration))
            now.TryAdd(shard, before);
        return new ObservedLeases(now, damaged, time);
    }

    /// <summary>Null = the Lease does not exist.</summary>
    public ObservedLease? Find(Shard shard) => leases.GetValueOrDefault(shard);

    /// <summary>The holder of a Lease that has not expired; empty = there is none.</summary>
    public string HolderOf(Shard shard) => Find(shard) is { } it && LeftOf(it) >= TimeSpan.Zero ? it.Stored.Lease.Holder : "";

    /// <summary>A Lease that is held for another number of shards; null = there is none.</summary>
    public Shard? HeldForOther(int count) => leases.Keys
        .Where(it => it.Count != count && HolderOf(it).Length > 0)
        .OrderBy(it => it.Count).ThenBy(it => it.Index)
        .FirstOrDefault();

    /// <summary>The time until the next of these Leases expires, if it is not renewed before.</summary>
    public TimeSpan UntilNextExpiry(TimeSpan atMost) => leases.Values
        .Where(it => it.Stored.Lease.Holder.Length > 0)
        .Select(LeftOf)
        .Where(left => left >= TimeSpan.Zero)
        .Append(atMost)
        .Min();

    private TimeSpan LeftOf(ObservedLease it) => it.Stored.Lease.Duration - time.GetElapsedTime(it.Since);
}

/// <summary>A Lease as it was listed.</summary>
/// <param name="Since">Timestamp of the first list with this content, by the clock of this process.</param>
internal sealed record ObservedLease(StoredLease Stored, long Since);
