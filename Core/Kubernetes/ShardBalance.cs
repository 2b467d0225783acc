namespace Kollect.Core.Kubernetes;

/// <summary>
/// The holders of all shards at one moment, as one replica observes them, and its moves from there: every replica comes to hold the same number of shards,
/// or one more, and then nothing moves.
/// </summary>
/// <remarks>
/// A replica takes free shards up to its fair share. One with fewer shards than it should have requests one of the replica that holds the most, which
/// gives it away only where it holds at least two more: two replicas never give the same shard back and forth. Replicas without a shard show nowhere,
/// and need not.
/// </remarks>
/// <param name="Holders">By the index of the shard; empty = the shard is free, None = nobody can hold it now.</param>
internal sealed record ShardBalance(Seq<Option<string>> Holders)
{
    private Seq<string> Usable => Holders.Somes();

    /// <summary>The number of shards that a replica holds.</summary>
    public int CountOf(string replica) => Usable.Count(it => it == replica);

    /// <summary>The free shards that a replica takes now, those first that other replicas probably take last.</summary>
    /// <param name="replica">Not empty.</param>
    public Seq<int> ToTake(string replica)
    {
        var free = Indices(it => it.Length == 0);
        var first = free.IsEmpty ? 0 : Math.Abs(replica.Sum(it => (int)it)) % free.Count;
        return Join(free.Skip(first), free.Take(first)).Take(Math.Max(0, FairShare(replica) - CountOf(replica))).Strict();
    }

    /// <summary>The shard that a replica requests of its holder; None = it has its share, or takes a free one.</summary>
    /// <param name="replica">Not empty.</param>
    public Option<int> ToRequest(string replica)
    {
        if (Usable.IsEmpty || Usable.Exists(it => it.Length == 0))
            return None;
        var most = Usable.Distinct().OrderByDescending(CountOf).ThenBy(it => it, StringComparer.Ordinal).First();
        return Gives(most, replica) ? Indices(it => it == most).Last : Option<int>.None;
    }

    /// <summary>True = a replica that holds shards gives one of them to the one that requests it.</summary>
    public bool Gives(string holder, string to) => holder != to && CountOf(holder) - CountOf(to) >= 2;

    /// <summary>The holders after a move.</summary>
    /// <param name="holder">Empty = the shard is free.</param>
    public ShardBalance With(int shard, string holder) => new(Holders.Map((index, it) => index == shard ? holder : it).ToSeq().Strict());

    private int FairShare(string replica)
    {
        var replicas = Usable.Filter(it => it.Length > 0).Add(replica).Distinct().Count;
        return (Usable.Count + replicas - 1) / replicas;
    }

    private Seq<int> Indices(Func<string, bool> which) =>
        Holders.Map((index, it) => (index, it)).ToSeq().Filter(it => it.it.Exists(which)).Map(it => it.index).Strict();
}
