using Kollect.Core.Formatting;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>A syntax error of a path.</summary>
/// <param name="Position">The index of the character, from 0; the length of the text if something is missing at its end.</param>
/// <param name="Why">The error and its remedy.</param>
internal sealed record JsonPathError(string Text, int Position, string Why)
{
    private const int ContextLength = 30;

    /// <summary>
    /// One line with a caret before the character, and a long path reduced to its surroundings:
    /// <c>at character 7, "$.spec^[0", this bracket is never closed; add ]</c>.
    /// </summary>
    public override string ToString() => FormattableString.Invariant($"at character {Position + 1}, {Shown.Quoted(Excerpt())}, {Why}");

    private string Excerpt()
    {
        var from = Math.Max(0, Position - ContextLength);
        var to = Math.Min(Text.Length, Position + ContextLength);
        return $"{(from > 0 ? "…" : "")}{Text[from..Position]}^{Text[Position..to]}{(to < Text.Length ? "…" : "")}";
    }
}
