namespace Kollect.Models;

using global::System.Globalization;
using global::System.Text;

/// <summary>Prints a value in a message. No character of it moves the cursor, reorders the text or is invisible.</summary>
internal static class QuotedText
{
    private const int MaxLength = 80;

    /// <summary><c>"inventory_items"</c>; a hidden character is printed as <c>\u0007</c>, and a text longer than 80 characters ends with <c>…</c>.</summary>
    public static string Of(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            if (text.Length > MaxLength)
                return text.Append("…\"").ToString();
            if (IsHidden(rune))
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                text.Append(rune.ToString());
        }

        return text.Append('"').ToString();
    }

    /// <summary>
    /// A control character, one that formats (direction, zero width, byte order mark, tags), a separator of lines or paragraphs, or none at all.
    /// A lone surrogate is U+FFFD as a <see cref="Rune"/>, which can be seen.
    /// </summary>
    public static bool IsHidden(Rune rune) =>
        Rune.IsControl(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0xE0000 and <= 0xE0FFF) or 0x115F or 0x1160 or 0x3164 or 0xFFA0 // ignored by default though some are letters (Unicode, 5.21)
        || (rune.Value & 0xFFFE) == 0xFFFE;
}
