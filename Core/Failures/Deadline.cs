using Kollect.Core.Formatting;

namespace Kollect.Core.Failures;

/// <summary>The end of a wait. A clock that is set back extends the wait to twice its length at most.</summary>
/// <param name="At">The time at which the wait ends.</param>
/// <param name="Length">The length of the wait; zero = no wait.</param>
internal readonly record struct Deadline(DateTimeOffset At, TimeSpan Length)
{
    /// <summary>The end of a wait that begins at <paramref name="start"/>.</summary>
    /// <param name="start">Any value, because a status may have been edited: the result never overflows.</param>
    /// <param name="length">At least zero; the result never overflows either.</param>
    public static Deadline After(DateTimeOffset start, TimeSpan length) =>
        new(Times.Add(start, length), length);

    /// <summary>True = the wait has ended. It also ends when more than twice its length remains, which means that the clock was set back.</summary>
    public bool IsOver(DateTimeOffset now) => now >= At || (At - now).Ticks > 2 * (Int128)Length.Ticks;
}
