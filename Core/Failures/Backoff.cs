namespace Kollect.Core.Failures;

/// <summary>The waits between attempts or polls: each is longer than the one before, up to a limit.</summary>
/// <param name="Shortest">The first wait, before jitter.</param>
/// <param name="Longest">The limit of a wait, before jitter.</param>
internal sealed record Backoff(TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>The ratio of a wait to the one before.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>The jitter: the limits of a wait as fractions of its nominal length. It spreads attempts that failed at the same time.</summary>
    public (double Least, double Most) Spread { get; init; } = (0.8, 1.2);

    /// <summary>The limit of a wait that a server asks for.</summary>
    public TimeSpan LongestAsked { get; init; } = TimeSpan.MaxValue;

    /// <summary>The number of attempts, including the first one.</summary>
    public int Attempts { get; init; } = int.MaxValue;

    /// <summary>The number of attempts after the first one.</summary>
    public int Retries => Attempts - 1;

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="failuresInARow">The failures since the last success, at least 1.</param>
    /// <param name="jitter">The position within <see cref="Spread"/>, 0 to 1.</param>
    /// <param name="asked">The wait that the server asks for; zero = none.</param>
    public TimeSpan After(int failuresInARow, double jitter, TimeSpan asked = default)
    {
        var grown = Shortest * Math.Pow(Factor, Math.Clamp(failuresInARow - 1, 0, 16));
        var wait = grown < Longest ? grown : Longest;
        wait *= Spread.Least + ((Spread.Most - Spread.Least) * Math.Clamp(jitter, 0, 1));
        var granted = asked < LongestAsked ? asked : LongestAsked;
        return wait > granted ? wait : granted;
    }
}
