using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Tests.Kubernetes;

/// <summary>Who may hold a Lease, by the candidate's own clock.</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    private static readonly Lease OfAlpha = Lease.New.HeldBy("alpha", Long, "10:00");

    [Fact]
    public void A_Lease_of_another_is_left_alone_until_it_has_been_silent_for_longer_than_it_lasts()
    {
        Assert.Equal(LeaseMove.Wait, OfAlpha.MoveOf("beta", TimeSpan.Zero));
        Assert.Equal(LeaseMove.Wait, OfAlpha.MoveOf("beta", Long));
        Assert.Equal(LeaseMove.Take, OfAlpha.MoveOf("beta", Long + TimeSpan.FromTicks(1)));
    }

    [Fact]
    public void The_holder_renews_it_however_long_that_took() =>
        Assert.Equal(LeaseMove.Renew, OfAlpha.MoveOf("alpha", TimeSpan.FromDays(1)));

    [Fact]
    public void One_that_is_new_or_was_let_go_is_taken_at_once()
    {
        Assert.Equal(LeaseMove.Take, Lease.New.MoveOf("beta", TimeSpan.Zero));
        Assert.Equal(LeaseMove.Take, OfAlpha.Released("10:01").MoveOf("beta", TimeSpan.Zero));
    }

    [Fact]
    public void A_renewal_keeps_since_when_it_is_held_and_a_change_of_hands_is_counted()
    {
        Assert.Equal(OfAlpha with { RenewTime = "10:02" }, OfAlpha.HeldBy("alpha", Long, "10:02"));
        Assert.Equal(new Lease("beta", "10:20", "10:20", Long, 1), OfAlpha.HeldBy("beta", Long, "10:20"));
        Assert.Equal(1, OfAlpha.Released("10:03").HeldBy("beta", Long, "10:04").Transitions);
    }

    [Fact]
    public void Whatever_happened_to_a_Lease_nobody_but_its_holder_may_have_it_while_it_lasts() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<(string[] Holders, PositiveInt Seconds, NonNegativeInt Unchanged)>(),
            it =>
            {
                var duration = TimeSpan.FromSeconds(it.Seconds.Get);
                var holders = it.Holders.Select(name => "of " + name).Append("last");
                var lease = holders.Aggregate(Lease.New, (was, holder) => was.HeldBy(holder, duration, holder));
                var move = lease.MoveOf("somebody else", TimeSpan.FromSeconds(it.Unchanged.Get));
                return move == (it.Unchanged.Get > it.Seconds.Get ? LeaseMove.Take : LeaseMove.Wait)
                    && lease.MoveOf("last", TimeSpan.FromSeconds(it.Unchanged.Get)) == LeaseMove.Renew;
            }).QuickCheckThrowOnFailure();
}
