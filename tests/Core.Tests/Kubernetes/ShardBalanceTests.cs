using FsCheck;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Tests.Kubernetes;

/// <summary>The moves of replicas that share shards.</summary>
public sealed class ShardBalanceTests
{
    [Fact]
    public void A_single_replica_takes_all_free_shards() =>
        Assert.Equal([0, 1, 2], Of("", "", "").ToTake("a").Order());

    [Fact]
    public void The_shards_of_a_lost_replica_are_shared_by_the_others()
    {
        var lost = Of("a", "a", "", "", "c", "c");
        Assert.Single(lost.ToTake("a"));
        Assert.Single(lost.ToTake("c"));
        Assert.Equal(2, lost.ToTake("idle").Count);
    }

    [Fact]
    public void A_new_replica_requests_a_shard_of_the_one_that_holds_the_most()
    {
        var balance = Of("a", "b", "a", "a", "b");
        Assert.Equal(3, balance.ToRequest("new"));
        Assert.True(balance.Gives("a", "new"));
        Assert.True(balance.Gives("b", "new"));
        Assert.False(balance.Gives("a", "b"));
    }

    [Fact]
    public void With_one_shard_more_nothing_moves()
    {
        var balance = Of("a", "b", "a");
        Assert.Empty(balance.ToTake("b"));
        Assert.Equal(None, balance.ToRequest("b"));
        Assert.Equal(None, Of("a", "b", "c").ToRequest("idle"));
    }

    /// <summary>From any holders, whoever moves first: nobody takes what another one holds, the moves end, and then all have their share.</summary>
    [Property(MaxTest = 300)]
    public void Every_replica_comes_to_hold_the_same_number_of_shards_or_one_more(PositiveInt shards, PositiveInt replicas, int seed)
    {
        var (count, random) = ((shards.Get % Shard.MaxCount) + 1, new System.Random(seed));
        var names = Enumerable.Range(0, (replicas.Get % 9) + 1).Select(it => FormattableString.Invariant($"replica {it}")).ToArray();
        var balance = Of([.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? "" : names[random.Next(names.Length)])]);
        var moves = 0;
        for (var idle = 0; idle < 20 * names.Length; idle++)
        {
            var self = names[random.Next(names.Length)];
            var before = balance;
            foreach (var shard in balance.ToTake(self))
            {
                Assert.Equal("", balance.Holders[shard]);
                balance = balance.With(shard, self);
            }

            foreach (var shard in balance.ToRequest(self))
                if (balance.Gives(balance.Holders[shard], self))
                    balance = balance.With(shard, self);
            if (balance == before)
                continue;
            Assert.True(++moves <= 3 * count, "the shards do not come to rest");
            idle = 0;
        }

        Assert.All(names, name => Assert.InRange(balance.CountOf(name), count / names.Length, (count + names.Length - 1) / names.Length));
    }

    private static ShardBalance Of(params string[] holders) => new(holders.ToSeq());
}
