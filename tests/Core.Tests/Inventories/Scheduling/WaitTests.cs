using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;

namespace Kollect.Core.Tests.Inventories.Scheduling;

/// <summary>The interval of a ref, and the deadlines of waits.</summary>
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
    public void The_interval_of_a_ref_overrides_its_sink_and_the_sink_overrides_the_inventory(int? ofRef, int? ofSink, int? ofInventory, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), ExportInterval.Of(Seconds(ofRef), Seconds(ofSink), Seconds(ofInventory)).Length);

    [Fact]
    public void With_an_interval_of_0s_a_refused_ref_retries_changed_content_every_30_seconds() =>
        Assert.Equal(ExportInterval.Default, ExportInterval.Of(TimeSpan.Zero, None, None).BetweenRefusals);

    [Property(Arbitrary = [typeof(Times)])]
    public void A_deadline_can_start_at_any_time_and_ends_even_if_the_clock_is_set_back(DateTimeOffset start, TimeSpan length)
    {
        var deadline = Deadline.After(start, length);
        Assert.True(deadline.IsOver(DateTimeOffset.MaxValue));
        Assert.True(deadline.IsOver(deadline.At));
        if (deadline.At.UtcTicks > 3 * length.Ticks)
        {
            Assert.Equal(length == TimeSpan.Zero, deadline.IsOver(deadline.At - length));
            Assert.True(deadline.IsOver(deadline.At - (2 * length) - TimeSpan.FromTicks(1)));
        }
    }

    [Fact]
    public void A_status_with_the_latest_possible_time_does_not_stop_exports()
    {
        var world = new World(() => 0.5);
        var shop = world.Ref("all", world.Sink("warehouse"));
        var basis = shop.Facts.Basis.Match(Right: basis => basis, Left: why => throw new InvalidOperationException(why));
        var outcome = new ExportOutcome(3, 3, 0, 0, 0, 0, 0, 0, 0, false, 0, 900, 200, Empty);
        shop.State = SinkExportState.Restored(new ExportSuccess(basis, new DateTimeOffset(DateTime.MaxValue, TimeSpan.Zero), outcome), None, None);
        Assert.NotEmpty(world.Run(60).Runs);
    }

    [Fact]
    public void The_wait_that_a_server_asks_for_is_limited_to_an_hour()
    {
        var world = new World(() => 0.5);
        var shop = world.Ref("all", world.Sink("warehouse"));
        shop.Sink.Answer = _ => new ExportResult.Failed(new Core.Failures.Failure.TryLater("quota exceeded", TimeSpan.MaxValue));
        Assert.Equal(2, world.Run(3_700).Runs.Count);
    }

    /// <summary>Times of any clock, among them the first and the last one; lengths of up to a day.</summary>
    private static class Times
    {
        public static Arbitrary<DateTimeOffset> OfAnyClock() => Arb.From(
            from any in ArbMap.Default.GeneratorFor<DateTimeOffset>()
            from time in Gen.Elements(
                any,
                DateTimeOffset.MinValue,
                DateTimeOffset.MaxValue,
                new DateTimeOffset(DateTime.MaxValue, TimeSpan.FromHours(14)),
                new DateTimeOffset(DateTime.MinValue, TimeSpan.FromHours(-14)))
            select time);

        public static Arbitrary<TimeSpan> UpToADay() => Arb.From(Gen.Choose(0, 86_400_000).Select(it => TimeSpan.FromMilliseconds(it)));
    }
}
