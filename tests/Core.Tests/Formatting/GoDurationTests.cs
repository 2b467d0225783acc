using Kollect.Core.Formatting;

namespace Kollect.Core.Tests.Formatting;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", "0s")]
    [InlineData("0s", "0s")]
    [InlineData("1h30m", "1h30m")]
    [InlineData("90s", "1m30s")]
    [InlineData("500ms", "0.5s")]
    [InlineData("1.5h", "1h30m")]
    [InlineData(".5s", "0.5s")]
    [InlineData("+5s", "5s")]
    [InlineData("-1m", "-1m")]
    [InlineData("100us", "0.0001s")]
    [InlineData("100µs", "0.0001s")]
    [InlineData("24h", "24h")]
    public void A_duration_is_read_as_Go_reads_it(string text, string expected) =>
        Assert.Equal(expected, GoDuration.Parse(text).Match(GoDuration.Format, () => "none"));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("1 h")]
    [InlineData("1d")]
    [InlineData("1h-2m")]
    [InlineData("1.2.3s")]
    [InlineData(".s")]
    [InlineData("9999999999h")]
    [InlineData("-")]
    [InlineData("1H")]
    [InlineData("１h")]
    public void Any_other_text_is_refused(string text) => Assert.True(GoDuration.Parse(text).IsNone);
}
