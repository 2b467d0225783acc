using Kollect.Core.Failures;
using Kollect.Core.Formatting;

namespace Kollect.Core.Collection;

/// <summary>The API server has not served a request since some time, for whatever cause; it is tried again all the time.</summary>
/// <param name="Cause">Of the last attempt.</param>
/// <param name="Words">The message of the last attempt, one line.</param>
/// <param name="Since">The time of the first failed attempt since the last success.</param>
internal sealed record Outage(WatchTrouble Cause, string Words, DateTimeOffset Since)
{
    /// <summary>The outage after another failed attempt.</summary>
    /// <param name="before">None = the attempt before succeeded, or there was none.</param>
    public static Outage After(Option<Outage> before, WatchTrouble cause, string words, DateTimeOffset now) =>
        new(cause, words, before.Match(it => it.Since, () => now));

    /// <summary>
    /// True = it may not pass by itself: what depends on it is reported. An API server that starts refuses what it permits a few seconds later.
    /// </summary>
    public bool IsLasting(DateTimeOffset now) => Deadline.After(Since, Grace).IsOver(now);

    /// <summary>For a message: <c>since 2026-11-23T08:00:00Z: the words</c>.</summary>
    public override string ToString() => $"since {Times.Seconds(Since)}: {Words}";

    private TimeSpan Grace => Cause switch
    {
        WatchTrouble.NotServed => TimeSpan.Zero,
        WatchTrouble.Forbidden => Waits.BeforeForbidden,
        _ => Waits.BeforeOutage,
    };
}
