using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;

namespace Kollect.Core.Tests.Inventories.Scheduling;

/// <summary>How long is waited: the interval of a ref, and the end of a wait.</summary>
public sealed class WaitTests
{
    private static Option<TimeSpan> Seconds(int? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : None;

    [Theory]
    [InlineData(10, 20, 40, 10)]
    [InlineData(null, 20, 40, 20)]
    [InlineData(null, null, 40, 40)]
    [InlineData(null, null, null, 30)]
    [InlineData(0, 20, 40, 0)]
    [InlineData(null, 0, 40, 0)]
    [InlineData(-5, null, null, 0)]
    [InlineData(1_000_000, null, null, 86_400)]
    public void The_ref_goes_before_the_sink_and_the_sink_before_the_inventory(int? ofRef, int? ofSink, int? ofInventory, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), ExportInterval.Of(Seconds(ofRef), Seconds(ofSink), Seconds(ofInventory)).Length);

    [Fact]
    public void With_0s_a_refused_ref_still_takes_other_content_every_30_seconds_only() =>
        Assert.Equal(ExportInterval.Default, ExportInterval.Of(TimeSpan.Zero, None, None).BetweenRefusals);

    [Fact]
    public void A_wait_begins_at_any_time_whatever_and_a_clock_that_stands_still_afterwards_ends_it()
    {
        var cases = from start in ArbMap.Default.GeneratorFor<DateTimeOffset>()
                    from special in Gen.Elements(start, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new DateTimeOffset(DateTime.MaxValue, TimeSpan.FromHours(14)), new DateTimeOffset(DateTime.MinValue, TimeSpan.FromHours(-14)))
                    from milliseconds in Gen.Choose(0, 86_400_000)
                    select (start: special, length: TimeSpan.FromMilliseconds(milliseconds));
        Prop.ForAll(Arb.From(cases), it =>
        {
            var deadline = Deadline.After(it.start, it.length);
            Assert.True(deadline.IsOver(DateTimeOffset.MaxValue));
            Assert.True(deadline.IsOver(deadline.At));
            if (deadline.At.UtcTicks > 3 * it.length.Ticks)
            {
                Assert.Equal(it.length == TimeSpan.Zero, deadline.IsOver(deadline.At - it.length));
                Assert.True(deadline.IsOver(deadline.At - (2 * it.length) - TimeSpan.FromTicks(1)));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_status_with_a_time_at_the_end_of_all_times_stops_nothing()
    {
        var world = new World(() => 0.5);
        var shop = world.Ref("all", world.Sink("warehouse"));
        var basis = shop.Facts.Basis.Match(Right: basis => basis, Left: why => throw new InvalidOperationException(why));
        shop.State = SinkExportState.Restored(
            new ExportSuccess(basis, new DateTimeOffset(DateTime.MaxValue, TimeSpan.Zero), new ExportOutcome(3, 3, 0, 0, 0, 0, 0, 0, 0, false, 0, 900, 200, Empty)), None);
        Assert.NotEmpty(world.Run(60).Runs);
    }

    [Fact]
    public void A_server_that_asks_for_years_of_rest_gets_an_hour()
    {
        var world = new World(() => 0.5);
        var shop = world.Ref("all", world.Sink("warehouse"));
        shop.Sink.Answer = _ => new ExportResult.Failed(new Core.Failures.Failure.TryLater("quota exceeded", TimeSpan.MaxValue));
        Assert.Equal(2, world.Run(3_700).Runs.Count);
    }
}
