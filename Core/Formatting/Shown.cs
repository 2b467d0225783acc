using System.Globalization;
using System.Text;

namespace Kollect.Core.Formatting;

/// <summary>A user's value inside a message: on one line, in quotes, never longer than a line.</summary>
public static class Shown
{
    private const int MaxLength = 80;

    /// <summary>The text, or as much of it as fits with <c>…</c> at its end; never ends in the middle of a character outside of the basic plane.</summary>
    /// <param name="text">Of any length.</param>
    /// <param name="length">Most characters (UTF-16 units), at least 2.</param>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1)] + "…";

    /// <summary><c>"inventory_items"</c>; control characters as <c>\u0007</c>, cut after 80 characters with <c>…</c>.</summary>
    public static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            if (text.Length > MaxLength)
                return text.Append("…\"").ToString();
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                text.Append(rune.ToString());
        }

        return text.Append('"').ToString();
    }
}
