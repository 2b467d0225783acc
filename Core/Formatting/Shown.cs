using System.Globalization;
using System.Text;
using Kollect.Models;

namespace Kollect.Core.Formatting;

/// <summary>
/// Prints the texts of others: users, servers, items. No character of them moves the cursor, reorders the text or is invisible; it is printed as
/// <c>\u202E</c> instead.
/// </summary>
internal static class Shown
{
    /// <summary>
    /// The text on one line: a line break or tab is a space, and a hidden character is printed by its number. Doing it twice changes nothing more.
    /// </summary>
    public static string Plain(string text) => Visible(text, keepsLines: false);

    /// <summary>The same, and line breaks stay: for the statements of a remedy.</summary>
    public static string PlainLines(string text) => Visible(text, keepsLines: true);

    /// <summary>JSON whose hidden characters are escaped, which changes no value: they can stand in its texts only.</summary>
    public static string PlainJson(string json)
    {
        if (IsPlain(json, keepsLines: true))
            return json;
        var plain = new StringBuilder(json.Length + 16);
        foreach (var rune in json.EnumerateRunes())
            if (IsHidden(rune) && rune.Value is not ('\n' or '\r'))
                foreach (var unit in rune.ToString())
                    plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
            else
                plain.Append(rune.ToString());
        return plain.ToString();
    }

    /// <summary>The text, truncated to <paramref name="length"/> with <c>…</c> as its last character. A surrogate pair is never split.</summary>
    /// <param name="length">The maximum in UTF-16 code units, at least 2.</param>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1)] + "…";

    /// <summary>As <see cref="Cut"/>, by the length of the text in UTF-8.</summary>
    /// <param name="bytes">The maximum, at least 3.</param>
    public static string CutBytes(string text, int bytes) =>
        Encoding.UTF8.GetByteCount(text) <= bytes ? text : FirstBytes(text, bytes - Encoding.UTF8.GetByteCount("…")) + "…";

    /// <summary>The first characters of the text that fit into <paramref name="bytes"/> of UTF-8.</summary>
    public static string FirstBytes(string text, int bytes)
    {
        var kept = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
                break;
            kept += rune.Utf16SequenceLength;
        }

        return text[..kept];
    }

    /// <summary><c>"inventory_items"</c>; a hidden character is printed as <c>\u0007</c>, and a text longer than 80 characters ends with <c>…</c>.</summary>
    public static string Quoted(string value) => QuotedText.Of(value);

    /// <summary>
    /// A control character, one that formats (direction, zero width, byte order mark, tags), a separator of lines or paragraphs, or none at all.
    /// A lone surrogate is U+FFFD as a <see cref="Rune"/>, which can be seen.
    /// </summary>
    public static bool IsHidden(Rune rune) => QuotedText.IsHidden(rune);

    private static string Visible(string text, bool keepsLines)
    {
        if (IsPlain(text, keepsLines))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
            if (keepsLines && rune.Value == '\n')
                visible.Append('\n');
            else if (rune.Value is '\r' or '\n' or '\t')
                visible.Append(visible.Length > 0 && visible[^1] == ' ' ? "" : " ");
            else if (IsHidden(rune))
                visible.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                visible.Append(rune.ToString());
        return visible.ToString();
    }

    private static bool IsPlain(string text, bool keepsLines)
    {
        // EnumerateRunes reads a lone surrogate as U+FFFD.
        for (var i = 0; i < text.Length; i++)
            if (text[i] is (< ' ' or > '~') && !(keepsLines && text[i] == '\n')
                && (!Rune.TryGetRuneAt(text, i, out var rune) || IsHidden(rune) || rune.Value == '\n'))
                return false;
            else if (char.IsHighSurrogate(text[i]))
                i++;
        return true;
    }
}
