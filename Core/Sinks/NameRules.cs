using System.Text;
using Kollect.Core.Formatting;

namespace Kollect.Core.Sinks;

/// <summary>The parts of the rules for names of all backends. Each returns the problem; None = the name is valid.</summary>
internal static class NameRules
{
    public static Option<string> Empty(string name) => name.Length == 0 ? "is empty" : None;

    /// <summary>NUL, and half a surrogate pair, which UTF-8 cannot hold.</summary>
    public static Option<string> NotText(string name) =>
        name.Contains('\0') ? $"{Shown.Quoted(name)} contains a NUL character"
        : name.EnumerateRunes().Contains(Rune.ReplacementChar) ? Some($"{Shown.Quoted(name)} contains half a surrogate pair or U+FFFD")
        : None;

    public static Option<string> Contains(string name, string forbidden, string what) =>
        name.AsSpan().IndexOfAny(forbidden) is var index and >= 0 ? $"{Shown.Quoted(name)}: '{name[index]}' cannot stand in {what}" : None;

    public static Option<string> TooLong(string name, int max, string whose, string consequence) =>
        Encoding.UTF8.GetByteCount(name) is var bytes && bytes > max
            ? Some($"{Shown.Quoted(name)} has {bytes} bytes in UTF-8, the limit of {whose} is {max} bytes{consequence}")
            : None;
}
