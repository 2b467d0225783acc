using System.Globalization;

namespace Kollect.Core.Backends;

/// <summary>The numbers that an option can be.</summary>
/// <param name="Unit">E.g. <c>milliseconds</c>.</param>
internal sealed record NumberRange(long Least, long Most, string Unit)
{
    /// <summary><c>1 to 600,000 milliseconds</c></summary>
    public string Values => string.Create(CultureInfo.InvariantCulture, $"{Least:N0} to {Most:N0} {Unit}");

    /// <summary><c>a whole number (milliseconds), 1 to 600,000, is possible</c></summary>
    public string Words => string.Create(CultureInfo.InvariantCulture, $"a whole number ({Unit}), {Least:N0} to {Most:N0}, is possible");

    /// <summary>The objection to a text; None = it is a whole number of the range, in ASCII digits.</summary>
    public Option<string> Problem(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Contains(number) ? None : Words;

    /// <summary>The objection to a number; None = it is a whole number of the range.</summary>
    public Option<string> Problem(double number) =>
        Contains(number) && number % 1 == 0
            ? None
            : string.Create(CultureInfo.InvariantCulture, $"{number:#,0.###} {Unit}; a whole number from {Least:N0} to {Most:N0} is possible");

    private bool Contains(double number) => number >= Least && number <= Most;
}
