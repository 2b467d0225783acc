using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;
using Kollect.Core.Tests.Backends.Postgres;

namespace Kollect.Core.Tests.Snapshots;

public sealed class EnvelopeTests
{
    [Theory]
    [InlineData("2026-11-23T08:30:00Z", "2026-11-23T08:30:00.0000000+00:00")]
    [InlineData("2026-11-23t08:30:00z", "2026-11-23T08:30:00.0000000+00:00")]
    [InlineData("2026-11-23T08:30:00+05:30", "2026-11-23T03:00:00.0000000+00:00")]
    [InlineData("2026-11-23T08:30:00-08:00", "2026-11-23T16:30:00.0000000+00:00")]
    [InlineData("2026-11-23T08:30:00.5Z", "2026-11-23T08:30:00.5000000+00:00")]
    [InlineData("2026-11-23T08:30:00.123999999Z", "2026-11-23T08:30:00.1230000+00:00")] // Go prints nanoseconds
    [InlineData("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.0000000+00:00")]
    public void A_time_is_read_as_UTC_in_whole_milliseconds(string text, string expected) =>
        Assert.Equal(Some(expected), Envelope.ParseTime(text).Map(time => time.ToString("O", CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-11-23")]
    [InlineData("2026-11-23T08:30:00")] // without an offset
    [InlineData("2026-11-23 08:30:00Z")]
    [InlineData("2026/11/23T08:30:00Z")]
    [InlineData("2026-11-23T08:30:00+0530")]
    [InlineData("2026-11-23T08:30:00 Z")]
    [InlineData(" 2026-11-23T08:30:00Z")]
    [InlineData("2026-11-23T08:30:00.Z")]
    [InlineData("2026-02-29T08:30:00Z")]
    [InlineData("2026-11-23T24:00:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59.999Z")]
    [InlineData("1970-01-01T00:00:00+00:01")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("+10000-01-01T00:00:00Z")]
    [InlineData("-2026-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("1795393800")]
    public void A_text_that_is_not_a_time_of_RFC_3339_is_refused(string text) => Assert.Equal(None, Envelope.ParseTime(text));

    [Fact]
    public void Options_of_the_caller_override_the_envelope_and_the_envelope_overrides_the_clock()
    {
        var now = new DateTimeOffset(2026, 11, 24, 8, 30, 0, TimeSpan.Zero);
        var fields = EnvelopeFields.Nothing with { ExportedAt = "2026-11-23T08:30:00Z", Generation = 7 };
        var given = now.AddDays(-2);
        Assert.Equal((now, Option<long>.None), TimeAndGeneration(Request, EnvelopeFields.Nothing, now));
        Assert.Equal((new DateTimeOffset(2026, 11, 23, 8, 30, 0, TimeSpan.Zero), Some(7L)), TimeAndGeneration(Request, fields, now));
        Assert.Equal((given, Some(8L)), TimeAndGeneration(Request with { ExportedAt = given, Generation = 8 }, fields, now));
    }

    [Theory]
    [InlineData("2026-11-23T08:35:00Z", false, true)] // two clocks may differ by five minutes
    [InlineData("2026-11-23T08:35:00.001Z", false, false)]
    [InlineData("2199-01-01T00:00:00Z", false, false)]
    [InlineData("2199-01-01T00:00:00Z", true, true)]
    [InlineData("1970-01-01T00:00:00Z", false, true)]
    public void A_time_ahead_of_the_clock_is_refused_wherever_it_comes_from(string text, bool allowFuture, bool accepted)
    {
        var (now, request) = (new DateTimeOffset(2026, 11, 23, 8, 30, 0, TimeSpan.Zero), Request with { AllowFuture = allowFuture });
        foreach (var header in new[]
                 {
                     request.Header(Examples.Sink(), EnvelopeFields.Nothing with { ExportedAt = text }, now),
                     (request with { ExportedAt = Envelope.ParseTime(text) }).Header(Examples.Sink(), EnvelopeFields.Nothing, now),
                 })
        {
            Assert.Equal(accepted, header.IsRight);
            header.IfLeft(failure => Assert.Contains("--allow-future", Assert.IsType<Failure.Refused>(failure).Message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(1, 3)]
    public void Superseded_by_a_time_that_has_not_come_yet_says_so_and_how_to_get_out(int secondsAhead, int exitCode)
    {
        var now = new DateTimeOffset(2026, 11, 23, 8, 30, 0, TimeSpan.Zero);
        var report = ExportReport.Of(new ExportResult.Superseded(now.AddDays(-1), now.AddSeconds(secondsAhead)), now);
        Assert.Equal(("Superseded", exitCode), (report.Status, report.ExitCode));
        Assert.Equal(exitCode == 3, report.Message.Contains("lies in the future", StringComparison.Ordinal));
        Assert.Equal(exitCode == 3, report.Message.Contains("set exported_at of the rows", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("kind-kollect-dev", true)] // the sink's cluster
    [InlineData("", true)] // not given
    [InlineData("east", false)]
    [InlineData("a\nb\u001b[31m", false)]
    public void An_envelope_of_another_cluster_is_refused_on_one_line(string cluster, bool accepted)
    {
        var header = Request.Header(Examples.Sink(), EnvelopeFields.Nothing with { Cluster = cluster }, DateTimeOffset.UnixEpoch);
        Assert.Equal(accepted, header.IsRight);
        header.IfLeft(failure => Assert.DoesNotContain(failure.Message, char.IsControl));
    }

    [Fact]
    public void The_cluster_of_an_envelope_is_accepted_if_the_caller_gives_it_too() =>
        Assert.True((Request with { Cluster = "east" })
            .Header(Examples.Sink(), EnvelopeFields.Nothing with { Cluster = "east" }, DateTimeOffset.UnixEpoch)
            .Exists(header => header.Scope == new Scope("platform", "all", "east")));

    private static ExportRequest Request { get; } = new("platform", "all", None, None, None, None, IncludeSecrets: false, DryRun: false);

    private static (DateTimeOffset, Option<long>) TimeAndGeneration(ExportRequest request, EnvelopeFields fields, DateTimeOffset now) =>
        request.Header(Examples.Sink(), fields, now).Match(
            Right: header => (header.ExportedAt, header.Generation),
            Left: failure => throw new InvalidOperationException(failure.Message));
}
