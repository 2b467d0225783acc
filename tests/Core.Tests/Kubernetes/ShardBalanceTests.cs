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

    [Fact]
    public void A_shard_that_nobody_can_take_counts_for_no_replica()
    {
        Assert.Equal([0, 2, 3], new ShardBalance(Seq(Some(""), None, Some(""), Some(""))).ToTake("a").Order());
        Assert.Equal(3, new ShardBalance(Seq(Some("b"), None, Some("b"), Some("b"))).ToRequest("a"));
        Assert.Equal(None, new ShardBalance(Seq1(Option<string>.None)).ToRequest("a"));
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
                Assert.Equal(Some(""), balance.Holders[shard]);
                balance = balance.With(shard, self);
            }

            foreach (var shard in balance.ToRequest(self))
                if (balance.Gives(balance.Holders[shard].IfNone(""), self))
                    balance = balance.With(shard, self);
            if (balance == before)
                continue;
            Assert.True(++moves <= 3 * count, "the shards do not come to rest");
            idle = 0;
        }

        Assert.All(names, name => Assert.InRange(balance.CountOf(name), count / names.Length, (count + names.Length - 1) / names.Length));
    }

    /// <summary>
    /// Any sequence of starts, orderly stops and kills, in which each replica moves by what it saw at some moment: a shard never goes to a second one, and
    /// when nothing else happens, all shards are held, and by all replicas alike.
    /// </summary>
    [Property(MaxTest = 300)]
    public void Whatever_starts_stops_and_dies_each_shard_comes_to_one_replica_and_all_have_their_share(PositiveInt shards, PositiveInt events, int seed)
    {
        var (count, random) = ((shards.Get % Shard.MaxCount) + 1, new System.Random(seed));
        var replicas = new ReplicasOfShards(count);
        for (var i = 0; i < events.Get % 40; i++)
        {
            replicas.Happens(random);
            for (var looks = random.Next(6); looks > 0; looks--)
                replicas.Move(random);
        }

        replicas.Start();
        replicas.ComeToRest(random);
        Assert.DoesNotContain("", replicas.Holders);
        Assert.All(
            replicas.Alive,
            name => Assert.InRange(
                replicas.Holders.Count(it => it == name), count / replicas.Alive.Count, (count + replicas.Alive.Count - 1) / replicas.Alive.Count));
    }

    private static ShardBalance Of(params string[] holders) => ReplicasOfShards.Balance(holders);
}
