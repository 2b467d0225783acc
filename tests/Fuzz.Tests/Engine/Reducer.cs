using System.Diagnostics;

namespace Kollect.Fuzz.Tests.Engine;

/// <summary>Makes a found input smaller: takes parts away, large ones first, as long as the same rule breaks.</summary>
internal static class Reducer
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    public static byte[] Reduce(FuzzTarget target, byte[] input, string kind)
    {
        // Each attempt would take a second and more.
        if (kind == "time")
            return input;
        var started = Stopwatch.GetTimestamp();
        for (var length = input.Length / 2; length > 0; length /= 2)
            for (var from = 0; from + length <= input.Length && Stopwatch.GetElapsedTime(started) < Budget;)
            {
                byte[] without = [.. input[..from], .. input[(from + length)..]];
                if (Execution.Run(target, without, kind == "nondeterminism") is { } it && it.Kind == kind)
                    input = without;
                else
                    from += length;
            }

        return input;
    }
}
