using Kollect.Core.Kubernetes;

namespace Kollect.Core.Tests.Kubernetes;

/// <summary>
/// Replicas that start, stop and die, and Leases that change only by a move from the state that the mover read last: the API server refuses any other.
/// </summary>
internal sealed class ReplicasOfShards(int count)
{
    private readonly string[] holders = [.. Enumerable.Repeat("", count)];
    private readonly string[] requests = [.. Enumerable.Repeat("", count)];
    private readonly Dictionary<string, string[]> seen = new(StringComparer.Ordinal);
    private int started;

    public IReadOnlyList<string> Holders => holders;

    public IReadOnlyList<string> Alive => [.. seen.Keys];

    /// <param name="holders">Empty = the shard is free.</param>
    public static ShardBalance Balance(IEnumerable<string> holders) => new(toSeq(holders.Select(Some)).Strict());

    public void Start() => seen[FormattableString.Invariant($"replica {started++}")] = [.. holders];

    /// <summary>A replica starts, stops in order, dies, or the Lease of a dead one expires.</summary>
    public void Happens(System.Random random)
    {
        if (seen.Count == 0 || (seen.Count < 9 && random.Next(2) == 0))
            Start();
        else
            End(Alive[random.Next(seen.Count)], isInOrder: random.Next(2) == 0);
        if (random.Next(3) == 0)
            Expire();
    }

    /// <summary>One replica looks at the Leases, or acts on what it saw before.</summary>
    public bool Move(System.Random random) => seen.Count > 0 && Move(Alive[random.Next(seen.Count)], random.Next(3) > 0);

    /// <summary>All look in turn until nobody moves. A Lease that was given to a dead replica expires, too.</summary>
    public void ComeToRest(System.Random random)
    {
        for (var (rounds, moved) = (0, true); moved; rounds++)
        {
            Assert.True(rounds < 10 * (count + seen.Count), "the shards do not come to rest");
            moved = Expire();
            foreach (var name in Alive.OrderBy(_ => random.Next()))
                moved |= Move(name, looks: true);
        }
    }

    private bool Move(string self, bool looks)
    {
        if (looks)
            seen[self] = [.. holders];
        var (before, balance) = (seen[self], Balance(seen[self]));
        var moved = false;
        foreach (var shard in Enumerable.Range(0, count).Where(it => holders[it] == self && requests[it].Length > 0))
        {
            var candidate = requests[shard];
            requests[shard] = "";
            moved = true;
            if (before[shard] != self || !balance.Gives(self, candidate))
                continue;
            balance = balance.With(shard, candidate);
            holders[shard] = candidate;
        }

        foreach (var shard in balance.ToTake(self))
        {
            Assert.Equal("", before[shard]);
            moved |= TryTake(shard, before[shard], self);
        }

        foreach (var shard in balance.ToRequest(self).Filter(it => holders[it] == before[it] && requests[it].Length == 0))
        {
            requests[shard] = self;
            moved = true;
        }

        return moved;
    }

    private bool TryTake(int shard, string expected, string self)
    {
        if (holders[shard] != expected)
            return false;
        holders[shard] = self;
        return true;
    }

    private void End(string name, bool isInOrder)
    {
        seen.Remove(name);
        for (var shard = 0; isInOrder && shard < count; shard++)
            if (holders[shard] == name)
                holders[shard] = "";
    }

    /// <summary>True = a Lease was held by a dead replica.</summary>
    private bool Expire()
    {
        var dead = Enumerable.Range(0, count).Where(it => holders[it].Length > 0 && !seen.ContainsKey(holders[it])).ToArray();
        foreach (var shard in dead)
            holders[shard] = "";
        return dead.Length > 0;
    }
}
