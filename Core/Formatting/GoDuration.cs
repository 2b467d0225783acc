using System.Globalization;

namespace Kollect.Core.Formatting;

/// <summary>Reads and writes durations in the format of Go's <c>time.ParseDuration</c>, as Kubernetes does: <c>1h30m</c>, <c>500ms</c>, <c>0</c>.</summary>
internal static class GoDuration
{
    private static readonly (string Unit, decimal Ticks)[] Units =
    [
        ("ns", 0.01m), ("us", 10m), ("µs", 10m), ("μs", 10m), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Go's limit for a duration, 2^63 - 1 ns, in ticks of 100 ns.</summary>
    private const decimal MaxTicks = long.MaxValue / 100m;

    /// <summary>None = the text does not follow Go's grammar, or the duration exceeds Go's limit of 292 years. Fractions below 100 ns are truncated.</summary>
    public static Option<TimeSpan> Parse(string text)
    {
        var negative = text.StartsWith('-');
        var rest = text.AsSpan(text.Length > 0 && text[0] is '-' or '+' ? 1 : 0);
        if (rest is "0")
            return TimeSpan.Zero;
        if (rest.IsEmpty)
            return None;

        var ticks = 0m;
        while (!rest.IsEmpty)
        {
            if (!ReadPart(ref rest, out var part) || (ticks += part) > MaxTicks)
                return None;
        }

        return TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
    }

    /// <summary>Formats a duration as Go does, without units that are zero: 90 s gives <c>1m30s</c>, 90 min <c>1h30m</c>, zero <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var sign = duration < TimeSpan.Zero ? "-" : "";
        var absolute = duration.Duration();
        var hours = (long)absolute.TotalHours;
        var seconds = (absolute.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        return FormattableString.Invariant($"{sign}{Part(hours, "h")}{Part(absolute.Minutes, "m")}{Part(seconds / 1.0000000m, "s")}");
    }

    private static string Part(decimal count, string unit) =>
        count == 0 ? "" : FormattableString.Invariant($"{count:0.#######}{unit}");

    private static bool ReadPart(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        ticks = 0;
        var length = rest.IndexOfAnyExcept("0123456789.");
        if (length is <= 0 or > 25)
            return false;
        if (!decimal.TryParse(rest[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return false;
        rest = rest[length..];
        var end = rest.IndexOfAny("0123456789.");
        var unit = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..];
        foreach (var (name, scale) in Units)
        {
            if (!unit.SequenceEqual(name) || count > MaxTicks)
                continue;
            ticks = count * scale;
            return ticks <= MaxTicks;
        }

        return false;
    }
}
