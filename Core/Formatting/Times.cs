using System.Globalization;

namespace Kollect.Core.Formatting;

/// <summary>Times for people, and arithmetic for times that others wrote: it saturates at the years 1 and 9999 instead of throwing.</summary>
internal static class Times
{
    /// <summary>The time after another, or before it by a negative length.</summary>
    public static DateTimeOffset Add(DateTimeOffset time, TimeSpan length) =>
        new((long)Int128.Clamp((Int128)time.UtcTicks + length.Ticks, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);

    /// <summary>Milliseconds since 1970.</summary>
    public static DateTimeOffset OfUnixMilliseconds(long milliseconds) => Add(DateTimeOffset.UnixEpoch, Milliseconds(milliseconds));

    /// <summary>A length in milliseconds.</summary>
    public static TimeSpan Milliseconds(long milliseconds) =>
        TimeSpan.FromTicks((long)Int128.Clamp((Int128)milliseconds * TimeSpan.TicksPerMillisecond, long.MinValue, long.MaxValue));

    /// <summary>A length in seconds; zero for what is no number.</summary>
    public static TimeSpan Length(double seconds) => TimeSpan.FromTicks(
        double.IsNaN(seconds) ? 0 : (long)Math.Clamp(seconds * TimeSpan.TicksPerSecond, long.MinValue, long.MaxValue));

    /// <summary>In UTC, to the millisecond: <c>2026-11-23T08:30:00.000Z</c>; <c>--exported-at</c> takes it.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>In UTC, to the second, as the API server writes times: <c>2026-11-23T08:30:00Z</c>.</summary>
    public static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
