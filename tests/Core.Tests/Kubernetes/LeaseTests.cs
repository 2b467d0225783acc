using FsCheck;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Tests.Kubernetes;

/// <summary>The moves of candidates for a Lease. Times are those of the candidate's own clock.</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    private static readonly Lease OfAlpha = Lease.New.HeldBy("alpha", Long, "10:00");

    [Fact]
    public void A_candidate_waits_until_the_holder_has_been_silent_for_longer_than_the_duration()
    {
        Assert.Equal(LeaseMove.Wait, OfAlpha.MoveOf("beta", TimeSpan.Zero));
        Assert.Equal(LeaseMove.Wait, OfAlpha.MoveOf("beta", Long));
        Assert.Equal(LeaseMove.Take, OfAlpha.MoveOf("beta", Long + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void The_holder_renews_its_Lease_after_any_time() =>
        Assert.Equal(LeaseMove.Renew, OfAlpha.MoveOf("alpha", TimeSpan.FromDays(1)));

    [Fact]
    public void A_new_or_released_Lease_is_acquired_at_once()
    {
        Assert.Equal(LeaseMove.Take, Lease.New.MoveOf("beta", TimeSpan.Zero));
        Assert.Equal(LeaseMove.Take, OfAlpha.Released("10:01").MoveOf("beta", TimeSpan.Zero));
    }

    [Fact]
    public void A_renewal_keeps_the_acquire_time_and_a_change_of_holders_is_counted()
    {
        Assert.Equal(OfAlpha with { RenewTime = "10:02" }, OfAlpha.HeldBy("alpha", Long, "10:02"));
        Assert.Equal(new Lease("beta", "10:20", "10:20", Long, 1), OfAlpha.HeldBy("beta", Long, "10:20"));
        Assert.Equal(1, OfAlpha.Released("10:03").HeldBy("beta", Long, "10:04").Transitions);
    }

    [Property]
    public void Only_the_last_holder_has_a_Lease_while_it_is_valid(string[] names, PositiveInt seconds, NonNegativeInt unchanged)
    {
        var duration = TimeSpan.FromSeconds(seconds.Get);
        var holders = names.Select(name => "holder " + name).Append("last");
        var lease = holders.Aggregate(Lease.New, (lease, holder) => lease.HeldBy(holder, duration, holder));
        var move = lease.MoveOf("another candidate", TimeSpan.FromSeconds(unchanged.Get));
        Assert.Equal(unchanged.Get > seconds.Get ? LeaseMove.Take : LeaseMove.Wait, move);
        Assert.Equal(LeaseMove.Renew, lease.MoveOf("last", TimeSpan.FromSeconds(unchanged.Get)));
    }
}
