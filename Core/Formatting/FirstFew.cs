namespace Kollect.Core.Formatting;

/// <summary>The first few of many texts, and the number of the others: a status is read by people.</summary>
internal static class FirstFew
{
    // a; b; c; and 61 more
    /// <param name="most">The number of texts that are named, at least 1.</param>
    /// <param name="separator">Between two texts, with its space.</param>
    public static string Of(Seq<string> texts, int most, string separator = "; ") =>
        string.Join(separator, texts.Take(most))
        + (texts.Count > most ? FormattableString.Invariant($"{separator}and {texts.Count - most} more") : "");
}
