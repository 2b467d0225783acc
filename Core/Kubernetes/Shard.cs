using System.Globalization;
using System.Text;

namespace Kollect.Core.Kubernetes;

/// <summary>One part of the work that several replicas share. Each object belongs to one shard, and each shard has a Lease of its own.</summary>
/// <param name="Index">0 to <paramref name="Count"/> - 1.</param>
/// <param name="Count">The number of shards, the same for all replicas: 1 to <see cref="MaxCount"/>; 1 = one replica does all the work.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>Each replica lists the Leases of all shards every two seconds, and renews its own.</summary>
    public const int MaxCount = 64;

    /// <summary>The only shard of a replica that does all the work.</summary>
    public static Shard Whole { get; } = new(0, 1);

    /// <summary>All shards, in order.</summary>
    public static Seq<Shard> All(int count) => toSeq(Enumerable.Range(0, count)).Map(index => new Shard(index, count)).Strict();

    /// <summary>True for exactly one shard of each number of shards, the same in every process and version.</summary>
    /// <param name="uid">Of an object; it stays when the object is edited.</param>
    public bool Owns(string uid) => (int)(Hash(uid) % (uint)Count) == Index;

    /// <summary><c>kollect-operator-0-of-3</c>; the bare name where there is one shard.</summary>
    /// <param name="election">The name that all Leases of the replicas begin with.</param>
    public string LeaseName(string election) => Count == 1 ? election : string.Create(CultureInfo.InvariantCulture, $"{election}-{Index}-of-{Count}");

    /// <summary>The shard that a Lease is for; None = it is for something else.</summary>
    /// <param name="election">As of <see cref="LeaseName"/>.</param>
    public static Option<Shard> OfLease(string lease, string election)
    {
        if (lease == election)
            return Whole;
        if (!lease.StartsWith(election + "-", StringComparison.Ordinal) || lease[(election.Length + 1)..].Split("-of-") is not [var index, var count])
            return None;
        return from at in parseInt(index)
               from of in parseInt(count)
               let shard = new Shard(at, of)
               where of is > 1 and <= MaxCount && at >= 0 && at < of && shard.LeaseName(election) == lease
               select shard;
    }

    /// <summary>FNV-1a in 32 bits, over UTF-8.</summary>
    private static uint Hash(string uid) => Encoding.UTF8.GetBytes(uid).Aggregate(2_166_136_261u, (hash, it) => unchecked((hash ^ it) * 16_777_619u));
}
