using System.Security.Cryptography;
using System.Text;

namespace Kollect.Core.Views;

/// <summary>The names that a backend accepts.</summary>
/// <param name="MaxBytes">In UTF-8.</param>
/// <param name="Allows">False = the character is replaced by an underscore.</param>
/// <param name="IgnoresCase">Two names that differ in case only are equal.</param>
internal sealed record NameFit(int MaxBytes, Func<Rune, bool> Allows, bool IgnoresCase = false)
{
    private const int DigestLength = 8;

    /// <summary>Put before a name whose first character is not allowed there; None = each allowed one is.</summary>
    public Option<string> Prefix { get; init; }

    /// <summary>A name cannot begin with such a character.</summary>
    public Func<char, bool> NeedsPrefix { get; init; } = _ => false;

    /// <summary>Compares names as the backend does.</summary>
    public StringComparer Comparer => IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The name if it fits, else one with a digest of it at the end.</summary>
    public string Unique(string name) => Replaced(name) == name && IsShort(name) ? name : WithDigest(name, 0);

    /// <summary>With characters that are allowed; may be too long.</summary>
    public string Replaced(string name)
    {
        var text = string.Concat(name.EnumerateRunes().Select(rune => rune != Rune.ReplacementChar && Allows(rune) ? rune.ToString() : "_"));
        return text.Length == 0 ? "_".Insert(0, Prefix.IfNone(""))
            : NeedsPrefix(text[0]) ? Prefix.IfNone("") + text
            : text;
    }

    /// <summary>True = it is not cut.</summary>
    public bool IsShort(string name) => Encoding.UTF8.GetByteCount(name) <= MaxBytes;

    /// <summary>As much of the name as fits, and eight digits of its SHA-256.</summary>
    /// <param name="attempt">0, then 1 where that name is taken, and so on.</param>
    public string WithDigest(string name, int attempt)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(attempt == 0 ? name : FormattableString.Invariant($"{name}\0{attempt}"))));
        return $"{Cut(Replaced(name), MaxBytes - DigestLength - 1)}_{digest[..DigestLength]}";
    }

    private static string Cut(string name, int bytes)
    {
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
                break;
            length += rune.Utf16SequenceLength;
        }

        return name[..length];
    }
}
