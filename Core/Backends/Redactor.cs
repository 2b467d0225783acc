using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends;

/// <summary>
/// Redacts messages of servers and drivers before they reach a status, log, metric or terminal: what is known to be
/// secret becomes <c>***</c>, and so does what stands where servers quote a user, database or host.
/// </summary>
internal sealed partial class Redactor
{
    private const string Mask = "***";
    private const int AnywhereFrom = 4;

    /// <summary>The names of PostgreSQL are cut to this number of bytes, at a character (PostgreSQL manual 4.1.1), and come back so.</summary>
    private const int NameBytes = 63;

    /// <summary>From this length on, letters are masked within words too: hardly any word of a message contains so many of them by chance.</summary>
    private const int LongerThanWords = 12;

    private readonly string[] parts;
    private readonly bool byPattern;

    private Redactor(IEnumerable<SecretText> secrets, bool byPattern = true)
    {
        this.byPattern = byPattern;
        parts = [.. secrets.SelectMany(secret => Spellings(secret.Reveal())).Where(part => !string.IsNullOrWhiteSpace(part))
            .Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(part => part.Length).ThenBy(part => part, StringComparer.Ordinal)];
    }

    /// <summary>The server, as messages about connections call it; None = they may not.</summary>
    public Option<string> Server { get; private init; }

    /// <summary>Without known secrets; still redacts by pattern.</summary>
    public static Redactor WithoutSecrets { get; } = new([]);

    /// <summary>Redacts these texts in all their spellings.</summary>
    public static Redactor For(Seq<SecretText> secrets) => new(secrets);

    /// <summary>
    /// Redacts for an audience. The owner of the Secrets sees all but the passwords; everyone else none of the values of a sink's Secrets under
    /// the keys that lead to a connection, except the hosts of a Secret that lies beside the sink. A host of which a password is a part, and one
    /// that is a part of a password, is shown to nobody.
    /// </summary>
    public static Redactor For(Sink sink, Seq<SecretData> secrets, ConnectionNames names, Audience audience)
    {
        var name = names.Of(audience);
        var isShown = names.ShowsHosts(audience) && !names.StandInPassword && !new Redactor(names.Passwords).Holds(name);
        return new Redactor(
            audience == Audience.Owner
                ? names.Passwords
                : Join(names.Passwords, secrets.Bind(sink.SecretParts).Filter(part => !isShown || !IsHost(names, part))),
            byPattern: audience != Audience.Owner)
        {
            Server = isShown ? Some(name) : None,
        };
    }

    /// <summary>
    /// The text with every secret masked, ignoring case. Parts of 4 characters or more are masked wherever they stand; but up to 11 letters that are a piece
    /// of a word in lower case (<c>admin</c> in <c>administrator</c>) are a part of the message. Parts of 2 and 3 are masked only as whole words, of 1 only
    /// between quotes. Masking twice changes nothing more.
    /// </summary>
    public string Scrub(string text)
    {
        // A mask is the border of a word, so that its neighbour may be masked as well.
        for (var scrubbed = ScrubParts(text); scrubbed != text; scrubbed = ScrubParts(text))
            text = scrubbed;
        return ScrubPatterns(text);
    }

    /// <summary>
    /// A text of a server or driver as a part of a message: redacted, then on one line, of limited length and without hidden characters. Every such text
    /// enters a message here.
    /// </summary>
    public string Said(string text) => FailureLine.OneLine(Scrub(text));

    private bool Holds(string text) => ScrubParts(text) != text || parts.Any(part => part.Length switch
    {
        1 => Enumerable.Range(0, text.Length).Any(at => char.ToUpperInvariant(text[at]) == char.ToUpperInvariant(part[0]) && IsWholeWord(text, at, 1)),
        >= AnywhereFrom => text.Contains(part, StringComparison.OrdinalIgnoreCase),
        _ => false,
    });

    private string ScrubParts(string text)
    {
        if (parts.Length == 0)
            return text;
        var scrubbed = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = SecretLengthAt(text, i);
            if (length == 0)
                scrubbed.Append(text[i++]);
            else
                scrubbed.Append(Mask);
            i += length;
        }

        return scrubbed.ToString();
    }

    /// <summary>0 = no secret starts here. The longest comes first.</summary>
    private int SecretLengthAt(string text, int at)
    {
        foreach (var part in parts)
            if (text.AsSpan(at).StartsWith(part, StringComparison.OrdinalIgnoreCase) && MayMask(text, at, part.Length))
                return part.Length;
        return 0;
    }

    private static bool MayMask(string text, int at, int length)
    {
        if (length >= AnywhereFrom)
            return length >= LongerThanWords || !IsPieceOfWord(text, at, length);
        return length == 1 ? IsQuote(Before(text, at)) && IsQuote(After(text, at + length)) : IsWholeWord(text, at, length);
    }

    private static bool IsWholeWord(string text, int at, int length) => !IsWord(Before(text, at)) && !IsWord(After(text, at + length));

    private static char Before(string text, int at) => at == 0 ? ' ' : text[at - 1];

    private static char After(string text, int end) => end == text.Length ? ' ' : text[end];

    /// <summary>True for letters within a longer run of lower-case letters, the first of which may be upper-case; <c>_</c> counts as a letter.</summary>
    private static bool IsPieceOfWord(string text, int at, int length)
    {
        var (start, end) = (at, at + length);
        while (start > 0 && IsLetter(text[start - 1]))
            start--;
        while (end < text.Length && IsLetter(text[end]))
            end++;
        return end - start > length && IsLetter(text[start]) && text.AsSpan(start + 1, end - start - 1).IndexOfAnyExcept(LowerCase) < 0;
    }

    private static readonly SearchValues<char> LowerCase = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    private static bool IsLetter(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool IsQuote(char c) =>
        c is '"' or '\'' or '`' || char.GetUnicodeCategory(c) is UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation;

    /// <summary>
    /// As it is, trimmed, percent-encoded and -decoded, with quotes doubled as SQL and connection strings do, on one line, and cut as a server does.
    /// </summary>
    private static IEnumerable<string> Spellings(string secret)
    {
        yield return secret;
        yield return secret.Trim();
        yield return Uri.EscapeDataString(secret);
        yield return Uri.UnescapeDataString(secret);
        yield return secret.Replace("\"", "\"\"", StringComparison.Ordinal);
        yield return secret.Replace("'", "''", StringComparison.Ordinal);
        yield return secret.Replace("'", "\\'", StringComparison.Ordinal);
        yield return secret.Replace("\\", "\\\\", StringComparison.Ordinal);
        yield return Shown.Plain(secret);
        yield return Shown.FirstBytes(secret, NameBytes);
    }

    private static bool IsHost(ConnectionNames names, SecretText part) => names.Hosts.Exists(host =>
        host.StartsWith(part.Reveal(), StringComparison.OrdinalIgnoreCase) && !names.Passwords.Contains(part)
        && (host.Length == part.Reveal().Length || host[part.Reveal().Length] is ':' or '/'));

    private string ScrubPatterns(string text)
    {
        text = UserInfo().Replace(text, "$1" + Mask + "@");
        if (!byPattern)
            return text;
        text = QuotedName().Replace(text, "$1" + Mask + "$2");
        text = Address().Replace(text, Mask);
        return BracketedAddress().Replace(text, Mask);
    }

    /// <summary><c>postgres://app:pw@db</c> -> <c>postgres://***@db</c></summary>
    [GeneratedRegex(@"([A-Za-z][A-Za-z0-9+.\-]*://)[^\s/]+@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    /// <summary><c>authentication failed for user "app"</c> -> <c>… user "***"</c></summary>
    [GeneratedRegex(
        @"\b((?:user(?:name)?|role|database|host(?:\s?name)?|server at|address|login)\s*[:=]?\s*[""'«»„“])[^""'«»“”]*([""'«»“”])",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex QuotedName();

    /// <summary><c>10.0.0.7:5432</c> -> <c>***</c></summary>
    [GeneratedRegex(@"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?!\d|\.\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    /// <summary><c>[fd00::7]:5432</c> -> <c>***</c></summary>
    [GeneratedRegex(@"\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(?:%\w+)?\](?::\d{1,5})?", RegexOptions.CultureInvariant)]
    private static partial Regex BracketedAddress();
}
