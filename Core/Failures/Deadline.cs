namespace Kollect.Core.Failures;

/// <summary>The end of a wait. A clock that is set back cannot draw the wait out beyond twice its length.</summary>
/// <param name="At">When it is over.</param>
/// <param name="Length">How long it was meant to last; zero = no wait at all.</param>
public readonly record struct Deadline(DateTimeOffset At, TimeSpan Length)
{
    /// <summary>A wait that begins at <paramref name="start"/>, which may be any time whatever: it may come from a status that somebody edited.</summary>
    /// <param name="start">Where the wait begins.</param>
    /// <param name="length">From zero to some days.</param>
    public static Deadline After(DateTimeOffset start, TimeSpan length) =>
        new(start > DateTimeOffset.MaxValue - length ? DateTimeOffset.MaxValue : start.ToUniversalTime() + length, length);

    /// <summary>Has it passed? Also where more than twice its length is left: then the clock went back, and nobody meant to wait that long.</summary>
    public bool IsOver(DateTimeOffset now) => now >= At || At - now > 2 * Length;
}
