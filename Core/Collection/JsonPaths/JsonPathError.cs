using Kollect.Core.Formatting;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>Why a text is no path, and where.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Position">Of the character in question, from 0; the length of the text where something is missing at its end.</param>
/// <param name="Why">What is wrong, and the remedy.</param>
public sealed record JsonPathError(string Text, int Position, string Why)
{
    private const int ContextLength = 30;

    /// <summary><c>at character 7, "$.spec^[0", this bracket is never closed; add ]</c>: one line, the caret before the character, long paths cut around it.</summary>
    public override string ToString() => FormattableString.Invariant($"at character {Position + 1}, {Shown.Quoted(Excerpt())}, {Why}");

    private string Excerpt()
    {
        var from = Math.Max(0, Position - ContextLength);
        var to = Math.Min(Text.Length, Position + ContextLength);
        return $"{(from > 0 ? "…" : "")}{Text[from..Position]}^{Text[Position..to]}{(to < Text.Length ? "…" : "")}";
    }
}
