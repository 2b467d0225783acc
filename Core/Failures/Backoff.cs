namespace Kollect.Core.Failures;

/// <summary>How long to wait before the next attempt or poll: each wait is longer than the last one, up to a limit.</summary>
/// <param name="Shortest">The first wait.</param>
/// <param name="Longest">The last one.</param>
public sealed record Backoff(TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>How much longer each wait is than the one before.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>The jitter: a wait is between these parts of its nominal length, so that attempts that failed together do not come back together.</summary>
    public (double Least, double Most) Spread { get; init; } = (0.8, 1.2);

    /// <summary>The longest wait that a server may ask for.</summary>
    public TimeSpan LongestAsked { get; init; } = TimeSpan.MaxValue;

    /// <summary>Attempts altogether, the first one included.</summary>
    public int Attempts { get; init; } = int.MaxValue;

    /// <summary>Attempts after the first one.</summary>
    public int Retries => Attempts - 1;

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="failuresInARow">At least 1.</param>
    /// <param name="jitter">0 to 1: where in the spread.</param>
    /// <param name="asked">The wait that the server asked for; zero = none.</param>
    public TimeSpan After(int failuresInARow, double jitter, TimeSpan asked = default)
    {
        var grown = Shortest * Math.Pow(Factor, Math.Clamp(failuresInARow - 1, 0, 16));
        var wait = grown < Longest ? grown : Longest;
        wait *= Spread.Least + ((Spread.Most - Spread.Least) * Math.Clamp(jitter, 0, 1));
        var granted = asked < LongestAsked ? asked : LongestAsked;
        return wait > granted ? wait : granted;
    }
}
