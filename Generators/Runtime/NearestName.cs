namespace Kollect.Models;

using global::System;
using global::System.Collections.Generic;
using global::System.Linq;

/// <summary>Finds the known name that is closest to a misspelt one.</summary>
internal static class NearestName
{
    private const int LongestCompared = 64;

    /// <summary>
    /// The candidate at the smallest edit distance from <paramref name="text"/> (insertions, deletions, replacements and swaps of neighbours;
    /// case is ignored). Null = the distance exceeds a third of the candidate's length, or the text is empty or longer than 64 characters.
    /// Of candidates at the same distance the first one is returned.
    /// </summary>
    public static string? Of(string text, IEnumerable<string> candidates)
    {
        if (text.Length is 0 or > LongestCompared)
            return null;
        return candidates
            .Select(candidate => (Text: candidate, Distance: Distance(text.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .OrderBy(candidate => candidate.Distance)
            .Take(1)
            .FirstOrDefault(candidate => candidate.Distance * 3 <= Math.Max(3, candidate.Text.Length))
            .Text;
    }

    /// <summary>The end of a message, <c>; did you mean statement_timeout?</c>; empty where no candidate is close.</summary>
    public static string DidYouMean(string text, IEnumerable<string> candidates) =>
        Of(text, candidates) is { } candidate ? $"; did you mean {candidate}?" : "";

    /// <summary>The optimal string alignment distance.</summary>
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }

        return cost[a.Length, b.Length];
    }
}
