using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Snapshots;

/// <summary>What was added is found again, and a new fingerprint hardly ever is.</summary>
public sealed class SeenFilterTests
{
    [Fact]
    public void No_fingerprint_is_lost_when_the_set_becomes_a_filter()
    {
        var seen = new SeenFilter();
        UInt128[] all = [.. Enumerable.Range(0, 100_000).Select(i => IdentityFingerprint.Of("pods", $"uid-{i}"))];
        Assert.DoesNotContain(true, all.Select(seen.MaybeSeen));
        Assert.DoesNotContain(false, all.Select(seen.MaybeSeen));
        Assert.False(seen.MaybeSeen(IdentityFingerprint.Of("pods", "another")));
    }

    [Fact]
    public void A_small_snapshot_takes_little_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var seen = new SeenFilter();
        for (var i = 0; i < 10_000; i++)
            seen.MaybeSeen(new UInt128((ulong)i, (ulong)i));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }
}
