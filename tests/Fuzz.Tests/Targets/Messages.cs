using System.Globalization;
using System.Text;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>What holds for every text that a person reads.</summary>
internal static class Messages
{
    /// <summary>Fails for a control character, a format character such as a change of direction, and a line break of Unicode.</summary>
    /// <param name="lines">Line breaks are allowed.</param>
    public static void AreVisible(IEnumerable<string> texts, bool lines = false)
    {
        foreach (var text in texts)
            foreach (var rune in text.EnumerateRunes())
                if (IsInvisible(rune) && !(lines && rune.Value == '\n'))
                    throw new InvisibleCharacterException(rune, text);
    }

    /// <summary>Fails where a text holds one of the words, in any case.</summary>
    public static void HoldNone(IEnumerable<string> texts, IReadOnlyCollection<string> words)
    {
        foreach (var text in texts)
            foreach (var word in words)
                if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
                    Assert.Fail($"a message holds the secret {word}: {text[..Math.Min(text.Length, 300)]}");
    }

    /// <summary>Fails for an empty text, and for one that is too long for a status.</summary>
    public static void HaveAtMost(int characters, IEnumerable<string> texts)
    {
        foreach (var text in texts)
            if (text.Length == 0 || text.Length > characters)
                throw new OverlongMessageException(text.Length);
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

/// <summary>A message holds a character that is not seen, or changes how others are seen.</summary>
internal sealed class InvisibleCharacterException(Rune rune, string text)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"a message holds U+{rune.Value:X4}: {text[..Math.Min(text.Length, 300)]}"));

/// <summary>A message is empty, or too long for a status.</summary>
internal sealed class OverlongMessageException(int length) : Exception(string.Create(CultureInfo.InvariantCulture, $"a message has {length} characters"));
