using System.Globalization;
using System.Text;

namespace Kollect.Core.Formatting;

/// <summary>Prints a user's value inside a message: on one line and of limited length.</summary>
public static class Shown
{
    private const int MaxLength = 80;

    /// <summary>The text, truncated to <paramref name="length"/> with <c>…</c> as its last character. A surrogate pair is never split.</summary>
    /// <param name="length">The maximum in UTF-16 code units, at least 2.</param>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1)] + "…";

    /// <summary>As <see cref="Cut"/>, by the length of the text in UTF-8.</summary>
    /// <param name="bytes">The maximum, at least 3.</param>
    public static string CutBytes(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
            return text;
        var (kept, left) = (0, bytes - Encoding.UTF8.GetByteCount("…"));
        foreach (var rune in text.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
                break;
            kept += rune.Utf16SequenceLength;
        }

        return text[..kept] + "…";
    }

    /// <summary><c>"inventory_items"</c>; control characters are printed as <c>\u0007</c>, and a text longer than 80 characters ends with <c>…</c>.</summary>
    public static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            if (text.Length > MaxLength)
                return text.Append("…\"").ToString();
            if (IsInvisible(rune))
                text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                text.Append(rune.ToString());
        }

        return text.Append('"').ToString();
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
