namespace Kollect.Core.Failures;

/// <summary>How long a failure waits for its next attempt: each time twice as long, and a fifth less or more.</summary>
/// <param name="Shortest">After the first failure.</param>
/// <param name="Longest">After many failures.</param>
public sealed record Backoff(TimeSpan Shortest, TimeSpan Longest)
{
    private const double Spread = 0.2;

    /// <summary>Of destinations: 5 s, 10 s, 20 s … 10 min.</summary>
    public static Backoff OfDestinations { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));

    /// <summary>Of requests to the API server that its client has already tried a few times: 0.5 s, 1 s … 30 s.</summary>
    public static Backoff OfApiServer { get; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="failuresInARow">At least 1.</param>
    /// <param name="jitter">0 to 1: where in the spread, so that many that failed together do not come back together.</param>
    /// <param name="atLeast">What the server asked for; zero = nothing.</param>
    public TimeSpan After(int failuresInARow, double jitter, TimeSpan atLeast)
    {
        var doubled = Shortest * Math.Pow(2, Math.Clamp(failuresInARow - 1, 0, 16));
        var wait = doubled < Longest ? doubled : Longest;
        wait *= 1 - Spread + 2 * Spread * Math.Clamp(jitter, 0, 1);
        return wait > atLeast ? wait : atLeast;
    }
}
