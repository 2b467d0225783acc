using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Tests.Formatting;

/// <summary>Times that others wrote may lie anywhere: arithmetic with them ends at the years 1 and 9999.</summary>
public sealed class TimesTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 30, 0, TimeSpan.Zero);

    [Property]
    public void Any_time_and_length_can_be_added(long ticks, long length)
    {
        var time = new DateTimeOffset(Math.Abs(ticks % DateTime.MaxValue.Ticks), TimeSpan.Zero);
        foreach (var by in new[] { length, long.MaxValue, long.MinValue, 0 })
        {
            var sum = Times.Add(time, TimeSpan.FromTicks(by));
            var exact = (Int128)time.Ticks + by;
            Assert.Equal(exact < 0 ? 0 : exact > DateTime.MaxValue.Ticks ? DateTime.MaxValue.Ticks : (long)exact, sum.Ticks);
            Assert.Equal(sum, Deadline.After(time, TimeSpan.FromTicks(by)).At);
        }

        Assert.InRange(Times.OfUnixMilliseconds(length), DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        Assert.InRange(Times.Milliseconds(length), TimeSpan.MinValue, TimeSpan.MaxValue);
    }

    [Theory]
    [InlineData(1.5, 15_000_000)]
    [InlineData(double.NaN, 0)]
    [InlineData(1e300, long.MaxValue)]
    [InlineData(double.NegativeInfinity, long.MinValue)]
    public void A_length_in_seconds_saturates(double seconds, long ticks) => Assert.Equal(ticks, Times.Length(seconds).Ticks);

    [Fact]
    public void A_deadline_of_any_length_ends_or_waits()
    {
        Assert.False(Deadline.After(Monday, TimeSpan.MaxValue).IsOver(Monday));
        Assert.True(Deadline.After(DateTimeOffset.MaxValue, TimeSpan.FromDays(1)).IsOver(Monday)); // a clock that was set back
        Assert.True(Deadline.After(DateTimeOffset.MinValue, TimeSpan.Zero).IsOver(Monday));
    }

    /// <summary>A removal takes a later time than the rows that it finds.</summary>
    [Fact]
    public void A_removal_at_the_end_of_time_stays_there()
    {
        var held = new ExportResult.Superseded(Monday, DateTimeOffset.MaxValue);
        Assert.Equal(DateTimeOffset.MaxValue, RemovalResult.Of(held, isLast: false, Monday).LeftToSeq().Head);
        var last = RemovalResult.Of(held, isLast: true, Monday).RightToSeq().Head;
        Assert.Contains("until then every snapshot is superseded", Assert.IsType<RemovalResult.Failed>(last).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_with_times_at_both_ends_is_restored()
    {
        foreach (var at in new[] { DateTimeOffset.MinValue, DateTimeOffset.MaxValue })
            Assert.True(SinkExportState.Restored(None, None, at).BlockedSince.IsSome);
    }

    /// <summary>BigQuery: seconds since 1970; TIMESTAMP reaches to the end of 9999 with six digits (GoogleSQL, "Timestamp type").</summary>
    [Theory]
    [InlineData("1.7953938E9", "2026-11-23T00:30:00.0000000+00:00")]
    [InlineData("253402300799.999999", "9999-12-31T23:59:59.9999990+00:00")]
    [InlineData("1e27", "9999-12-31T23:59:59.9999999+00:00")]
    [InlineData("-1e27", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("-62135596800", "0001-01-01T00:00:00.0000000+00:00")]
    public void A_time_of_BigQuery_is_read_to_the_microsecond(string seconds, string time) =>
        Assert.Equal(time, $"{Answer.Time(seconds).IfNone(default(DateTimeOffset)):O}");

    [Theory]
    [InlineData("1e40")]
    [InlineData("Infinity")]
    [InlineData("x")]
    public void What_is_no_number_is_no_time(string seconds) => Assert.True(Answer.Time(seconds).IsNone);

    [Fact]
    public void An_expiration_beyond_the_years_is_the_last_one()
    {
        var table = ObservedTable.Read("""{"expirationTime":"9223372036854775807","timePartitioning":{"expirationMs":"9223372036854775807"}}""")
            .IfLeft(fault => throw new InvalidOperationException($"{fault}"));
        Assert.Equal(DateTimeOffset.MaxValue, table.Expires);
        Assert.Equal(TimeSpan.MaxValue, table.PartitionLifetime);
        var settings = new JobSettings("INTERACTIVE", None, None, Empty);
        var plan = new ExportPlan(Backends.Postgres.Examples.Header, new TableId("p", "d", "t"), 0, "EU", None, false, settings)
        {
            PartitionLifetime = table.PartitionLifetime,
        };
        Assert.True(plan.ObjectionToTime(Monday).IsNone);
    }

    [Fact]
    public void The_number_of_changes_of_a_lease_does_not_become_negative() => Assert.Equal(
        int.MaxValue, new Lease("alpha", "10:00", None, TimeSpan.Zero, int.MaxValue).HeldBy("beta", TimeSpan.FromSeconds(15), "10:01").Transitions);
}
