using System.Globalization;

namespace Kollect.Fuzz.Tests.Engine;

/// <summary>Runs one input on the calling thread, and compares the run with the bounds.</summary>
internal static class Execution
{
    /// <summary>The longest run of one input of at most <see cref="FuzzSettings.MaxInput"/> bytes.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    /// <summary>Null = the input breaks no rule.</summary>
    /// <param name="twice">The result must be that of a second run.</param>
    public static (string Kind, string Why)? Run(FuzzTarget target, byte[] input, bool twice)
    {
        try
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var started = Clock.Now;
            var result = target.Run(input);
            var time = Clock.Since(started);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (allocated > target.MaxAllocated(input.Length))
                return ("allocation", Bound($"{allocated:N0} bytes were allocated, at most {target.MaxAllocated(input.Length):N0} may be"));
            if (time > MaxTime && Again(target, input) is var again && again > MaxTime)
                return ("time", Bound($"one run took {again.TotalSeconds:0.00} s, at most {MaxTime.TotalSeconds:0} s are allowed"));
            return twice && target.Run(input) is var second && second != result
                ? ("nondeterminism", $"two runs differ: {Difference(result, second)}")
                : null;
        }
        catch (Exception found)
        {
            return (Kind(found), $"{found.GetType().Name}: {found.Message}\n{found.StackTrace}");
        }
    }

    /// <summary>The best of two more runs: another process may have delayed the first one, or the JIT compiler.</summary>
    private static TimeSpan Again(FuzzTarget target, byte[] input)
    {
        var best = TimeSpan.MaxValue;
        for (var run = 0; run < 2; run++)
        {
            var started = Clock.Now;
            target.Run(input);
            best = Clock.Since(started) is var time && time < best ? time : best;
        }

        return best;
    }

    /// <summary>The type, and where it was thrown: the first frame of this project or the product.</summary>
    private static string Kind(Exception found) =>
        found.GetType().Name + (found.StackTrace ?? "").Split('\n').FirstOrDefault(frame => frame.Contains("Kollect.", StringComparison.Ordinal))?.Trim();

    private static string Difference(string one, string other)
    {
        var at = one.AsSpan().CommonPrefixLength(other);
        return $"\"{Part(one, at)}\" and \"{Part(other, at)}\"";
    }

    private static string Part(string text, int from) => text.Substring(Math.Max(0, from - 20), Math.Min(80, text.Length - Math.Max(0, from - 20)));

    private static string Bound(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A time that neither a busy machine nor the collector's own threads lengthen: the lesser of elapsed and processor time of the process.</summary>
internal static class Clock
{
    public static (long Elapsed, TimeSpan Processor) Now => (System.Diagnostics.Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    public static TimeSpan Since((long Elapsed, TimeSpan Processor) start)
    {
        var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(start.Elapsed);
        var processor = Environment.CpuUsage.TotalTime - start.Processor;
        return processor < elapsed ? processor : elapsed;
    }
}
