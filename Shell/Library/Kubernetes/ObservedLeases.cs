using Kollect.Core.Kubernetes;

namespace Kollect.Shell.Kubernetes;

/// <summary>
/// The Leases of all shards as one list gave them, also of replicas that divide the work into another number of shards. Immutable. A Lease has expired when
/// this process has observed no change of it for its duration.
/// </summary>
internal sealed class ObservedLeases
{
    private readonly IReadOnlyDictionary<Shard, ObservedLease> leases;
    private readonly TimeProvider time;

    private ObservedLeases(IReadOnlyDictionary<Shard, ObservedLease> leases, TimeProvider time) => (this.leases, this.time) = (leases, time);

    /// <summary>Before the first list.</summary>
    public static ObservedLeases None(TimeProvider time) => new(new Dictionary<Shard, ObservedLease>(), time);

    /// <summary>Lists the Leases again; an <see cref="ApiException"/> if the API server does not answer.</summary>
    /// <param name="election">Namespace and name of the Lease of a single shard; the names of the others begin with it.</param>
    public async Task<ObservedLeases> ListAsync(IKubernetesApi api, ObjectName election, CancellationToken cancel)
    {
        var now = new Dictionary<Shard, ObservedLease>();
        await foreach (var page in api.ListAsync(StoredLease.Resource, new Selection(election.Namespace), cancel))
            foreach (var item in page.Items)
                foreach (var shard in Shard.OfLease(ObjectHead.Of(item).Name.Name, election.Name))
                {
                    var stored = StoredLease.Read(item);
                    now[shard] = new ObservedLease(
                        stored, Find(shard) is { } before && before.Stored.Lease == stored.Lease ? before.Since : time.GetTimestamp());
                }

        return new ObservedLeases(now, time);
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
