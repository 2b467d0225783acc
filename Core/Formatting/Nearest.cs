using Kollect.Models;

namespace Kollect.Core.Formatting;

/// <summary>Finds the known name that is closest to a misspelt one.</summary>
internal static class Nearest
{
    /// <summary>
    /// The candidate at the smallest edit distance from <paramref name="text"/> (insertions, deletions, replacements and swaps of neighbours;
    /// case is ignored). None = the distance exceeds a third of the candidate's length, or the text is empty or longer than 64 characters.
    /// Of candidates at the same distance the first one is returned.
    /// </summary>
    public static Option<string> Of(string text, IEnumerable<string> candidates) => Optional(NearestName.Of(text, candidates));

    /// <summary>The end of a message, <c>; did you mean statement_timeout?</c>; empty where no candidate is close.</summary>
    public static string DidYouMean(string text, IEnumerable<string> candidates) => NearestName.DidYouMean(text, candidates);
}
