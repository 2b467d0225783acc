using Kollect.Core.Formatting;

namespace Kollect.Core.Collection.Cel;

/// <summary>Why a text is no expression that is evaluated here.</summary>
/// <param name="Position">The index of the character, from 0.</param>
/// <param name="Why">The error and its remedy.</param>
internal sealed record CelError(string Text, int Position, string Why)
{
    private const int ContextLength = 30;

    /// <summary>One line with a caret before the character: <c>at character 7, "size(^objec)", …</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"at character {Position + 1}, {Shown.Quoted(Excerpt())}, {Why}");

    private string Excerpt()
    {
        var from = Math.Max(0, Position - ContextLength);
        var to = Math.Min(Text.Length, Position + ContextLength);
        return $"{(from > 0 ? "…" : "")}{Text[from..Position]}^{Text[Position..to]}{(to < Text.Length ? "…" : "")}";
    }
}
