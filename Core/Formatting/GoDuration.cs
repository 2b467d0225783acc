namespace Kollect.Core.Formatting;

/// <summary>Durations as Go's <c>time.ParseDuration</c> reads them and Kubernetes writes them: <c>1h30m</c>, <c>500ms</c>, <c>0</c>.</summary>
public static class GoDuration
{
    private static readonly (string Unit, decimal Ticks)[] Units =
    [
        ("ns", 0.01m), ("us", 10m), ("µs", 10m), ("μs", 10m), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Largest count of one unit: 2^63 ns is Go's own limit.</summary>
    private const decimal MaxTicks = long.MaxValue / 100m;

    /// <summary>None = not in the grammar, or beyond Go's own 292 years. Fractions below 100 ns are cut off.</summary>
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

    /// <summary>As Go prints it, shortened to what is not zero: <c>1h30m</c>, <c>90s</c> is <c>1m30s</c>, zero is <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var sign = duration < TimeSpan.Zero ? "-" : "";
        var left = duration.Duration();
        var hours = (long)left.TotalHours;
        var seconds = (left.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        return FormattableString.Invariant($"{sign}{Part(hours, "h")}{Part(left.Minutes, "m")}{Part(seconds / 1.0000000m, "s")}");
    }

    private static string Part(decimal count, string unit) =>
        count == 0 ? "" : FormattableString.Invariant($"{count:0.#######}{unit}");

    private static bool ReadPart(ref ReadOnlySpan<char> rest, out decimal ticks)
    {
        ticks = 0;
        var length = rest.IndexOfAnyExcept("0123456789.");
        if (length is <= 0 or > 25)
            return false;
        if (!decimal.TryParse(rest[..length], System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var count))
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
