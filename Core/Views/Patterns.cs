namespace Kollect.Core.Views;

/// <summary>
/// The texts that become a typed value, as regular expressions that PostgreSQL, PCRE and JavaScript read alike. They contain no backslash and no quote, so
/// that they are the same in a literal of any dialect.
/// </summary>
internal static class Patterns
{
    private const string Date =
        "([0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])"
        + "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";

    private const string Time = "[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?([Zz]|[+-](0[0-9]|1[0-5]):[0-5][0-9])";

    /// <summary>A whole number that may have 64 bits, perhaps with zeros after a point.</summary>
    public const string Whole = "^-?[0-9]{1,19}([.]0{1,30})?$";

    /// <summary>A number of bounded length: PostgreSQL's numeric has no number with 131,073 digits before the point (manual 8.1.2).</summary>
    public const string Number = "^-?[0-9]{1,255}([.][0-9]{1,255})?([eE][+-]?[0-9]{1,3})?$";

    /// <summary>A time of RFC 3339 in the years 1 to 9999 of UTC: with days that the month has, and without leap seconds.</summary>
    public const string Timestamp = $"^(?!0000|0001-01-01.*[+]|9999-12-31.*(-..:..$|[.]9999999)){Date}{Time}$";

    /// <summary>The same without lookahead, which RE2 does not have: years that are too early or too late have to be caught otherwise.</summary>
    public const string TimestampOfAnyYear = $"^{Date}{Time}$";
}
