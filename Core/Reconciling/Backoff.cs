namespace Kollect.Core.Reconciling;

/// <summary>How long a failure waits for its next attempt: 5 s, 10 s, 20 s … 10 min, each a fifth less or more.</summary>
public static class Backoff
{
    /// <summary>After the first failure.</summary>
    public static TimeSpan Shortest { get; } = TimeSpan.FromSeconds(5);

    /// <summary>After many failures.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(10);

    private const double Spread = 0.2;

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="failuresInARow">At least 1.</param>
    /// <param name="jitter">0 to 1: where in the spread, so that many that failed together do not come back together.</param>
    /// <param name="atLeast">What the server asked for; zero = nothing.</param>
    public static TimeSpan After(int failuresInARow, double jitter, TimeSpan atLeast)
    {
        var doubled = Shortest * Math.Pow(2, Math.Clamp(failuresInARow - 1, 0, 16));
        var wait = doubled < Longest ? doubled : Longest;
        wait *= 1 - Spread + 2 * Spread * Math.Clamp(jitter, 0, 1);
        return wait > atLeast ? wait : atLeast;
    }
}
