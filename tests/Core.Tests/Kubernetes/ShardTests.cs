using FsCheck;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Tests.Kubernetes;

/// <summary>Which shard an object belongs to, and the names of the Leases.</summary>
public sealed class ShardTests
{
    [Fact]
    public void One_shard_owns_every_object_and_has_the_Lease_of_the_leader_election()
    {
        Assert.True(Shard.Whole.Owns("5b1cbd1e-5d3a-4a1a-9d8f-7c1d0d9d8f11"));
        Assert.True(Shard.Whole.Owns(""));
        Assert.Equal("kollect-operator", Shard.Whole.LeaseName("kollect-operator"));
        Assert.Equal("kollect-operator-2-of-3", new Shard(2, 3).LeaseName("kollect-operator"));
    }

    [Theory]
    [InlineData("5b1cbd1e-5d3a-4a1a-9d8f-7c1d0d9d8f11", 1)]
    [InlineData("00000000-0000-0000-0000-000000000001", 1)]
    [InlineData("00000000-0000-0000-0000-000000000002", 2)]
    public void An_object_stays_in_its_shard_in_every_version(string uid, int index) =>
        Assert.Equal(new Shard(index, 3), Assert.Single(Shard.All(3), shard => shard.Owns(uid)));

    [Property]
    public void Each_object_belongs_to_one_shard(Guid uid, PositiveInt count)
    {
        var shards = Shard.All((count.Get % Shard.MaxCount) + 1);
        Assert.Single(shards, shard => shard.Owns(uid.ToString()));
        Assert.All(shards, shard => Assert.Equal(shard, Shard.OfLease(shard.LeaseName("kollect-0-of-9"), "kollect-0-of-9")));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(64)]
    public void Objects_are_spread_over_all_shards(int count)
    {
        var random = new System.Random(7);
        var uids = Enumerable.Range(0, 1_000 * count).Select(_ => Uid(random)).ToArray();
        Assert.All(Shard.All(count), shard => Assert.InRange(uids.Count(shard.Owns), 850, 1_150));
    }

    [Theory]
    [InlineData("kollect-operator-3-of-3")]
    [InlineData("kollect-operator-0-of-1")]
    [InlineData("kollect-operator-0-of-65")]
    [InlineData("kollect-operator-00-of-3")]
    [InlineData("kollect-operator--1-of-3")]
    [InlineData("kollect-operator-2")]
    [InlineData("kollect-operator-blue")]
    [InlineData("other")]
    public void Leases_of_others_are_for_no_shard(string lease) => Assert.True(Shard.OfLease(lease, "kollect-operator").IsNone);

    private static string Uid(System.Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
