using System.Globalization;

namespace Kollect.Core.Formatting;

/// <summary>Times for people.</summary>
public static class Times
{
    /// <summary>In UTC, to the millisecond: <c>2026-11-23T08:30:00.000Z</c>; <c>--exported-at</c> takes it.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>In UTC, to the second, as the API server writes times: <c>2026-11-23T08:30:00Z</c>.</summary>
    public static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
