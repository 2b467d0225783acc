using System.Text.RegularExpressions;

namespace Kollect.Core.Secrets;

/// <summary>
/// Recognises what people put around a value on its way into a Secret: quotes, a command, a whole file, a second encoding, a placeholder
/// that nobody filled in. Each has a message with its remedy and without any part of the value.
/// </summary>
internal static partial class Wrapping
{
    private static readonly (char Open, string What)[] Quotes =
    [
        ('"', "double quotes"), ('\'', "single quotes"), ('`', "backticks"), ('“', "typographic quotes"), ('”', "typographic quotes"),
        ('„', "typographic quotes"), ('‘', "typographic quotes"), ('’', "typographic quotes"), ('‚', "typographic quotes"),
        ('«', "typographic quotes"), ('»', "typographic quotes"), ('´', "typographic quotes"),
    ];

    /// <summary>What stands around a whole connection string; None = nothing that is known.</summary>
    /// <param name="text">Trimmed.</param>
    /// <param name="isParameter">True for the name of a parameter with which a connection string may begin: <c>host=…</c>.</param>
    public static Option<string> OfConnectionString(string text, Func<string, bool> isParameter) =>
        OfValue(text)
        || When(Command().IsMatch(text), "is a whole command; store only the connection string that stands in it, without quotes")
        || When(text[0] == '#' || Variable(text, isParameter), "is an assignment or a file of them (NAME=value), as for a shell; store only what stands "
            + "behind the equals sign, without quotes, or each value under a key of its own (kubectl create secret --from-env-file)")
        || When(text[0] is '{' or '[', "is a JSON document; store only the connection string, or each value under a key of its own")
        || When(Yaml().IsMatch(text), "is a YAML document; store only the connection string, or each value under a key of its own")
        || When(text.StartsWith("-----BEGIN ", StringComparison.Ordinal), "is a PEM block; give certificates in spec.tls.caSecretRef")
        || When(Reference().IsMatch(text), "is a reference to another store that was never resolved; store the value itself")
        || When(text[0] == '<', "is XML or a placeholder that was never filled in; store only the connection string")
        || When(Url().IsMatch(text) && text.AsSpan().IndexOfAny('\r', '\n') >= 0, "has several lines; write the connection string in one")
        || When(Base64(text).Exists(inner => Url().IsMatch(inner) || Assignment().IsMatch(inner)), TwiceEncoded);

    /// <summary>What stands around a single value, whatever it means; None = nothing that is known. Not for passwords, which may be any text.</summary>
    public static Option<string> OfValue(string text) =>
        text.Length == 0 ? None
        : text[0] == '\uFEFF' ? "begins with a byte order mark, which some editors write; save it as UTF-8 without one"
        : text.Contains('\0') ? "contains a NUL character; store it as UTF-8 text"
        : Quoted(text).Map(what => $"stands in {what}, which belong to a shell or to YAML and not to the value; remove them")
          || Unfilled(text);

    /// <summary>A placeholder that a template, a shell or a person should have replaced; None = it is none.</summary>
    public static Option<string> Unfilled(string text) =>
        When(Placeholder().IsMatch(text), "is a placeholder that was never filled in; store the value itself");

    /// <summary>The message for a value that is base64 of what it should be.</summary>
    public const string TwiceEncoded = "is base64 twice; encode it once in data, or put the plain text into stringData";

    /// <summary>The text in base64, its line breaks ignored; None = the value is no base64 of UTF-8 text.</summary>
    public static Option<string> Base64(string text)
    {
        var plain = string.Concat(text.Where(c => !char.IsWhiteSpace(c))).Replace('-', '+').Replace('_', '/').TrimEnd('=');
        if (plain.Length < 4 || plain.Length % 4 == 1)
            return None;
        var bytes = new byte[plain.Length];
        if (!Convert.TryFromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='), bytes, out var length))
            return None;
        return SecretEncoding.Read(bytes.AsSpan(0, length)).ToOption().Map(inner => inner.Trim());
    }

    // A connection string or a name begins with no quote, and a URL ends with none.
    private static Option<string> Quoted(string text) =>
        Kind(text[0]) || (Url().IsMatch(text) ? Kind(text[^1]) : None);

    private static Option<string> Kind(char c) => Quotes.Where(quote => quote.Open == c).Select(quote => Some(quote.What)).FirstOrDefault();

    private static bool Variable(string text, Func<string, bool> isParameter) =>
        Shell().IsMatch(text)
        || (Environment().Match(text) is { Success: true } line && !isParameter(line.Groups[1].Value))
        || (Assignment().Match(text) is { Success: true } one && !isParameter(one.Groups[1].Value) && Url().IsMatch(one.Groups[2].Value));

    private static Option<string> When(bool condition, string message) => condition ? Some(message) : None;

    [GeneratedRegex(
        @"^\$?\s*(?:psql|pg_\w+|pgcli|usql|mongo|mongosh|mongodump|mongoexport|mongorestore|docker|kubectl|sudo|echo|printf)\s",
        RegexOptions.CultureInvariant)]
    private static partial Regex Command();

    [GeneratedRegex(@"^(?:export|set|setx|declare|ENV)\s+\w|^\$env:", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Shell();

    // NAME=value and name: value, with the value behind an opening quote.
    [GeneratedRegex(@"^([A-Za-z_][\w.\-]*)(?:\s*=\s*|\s*:\s+)[""'`]?(.*)", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^\s*(?:export\s+)?([A-Z][A-Z0-9_]+)=", RegexOptions.CultureInvariant)]
    private static partial Regex Environment();

    [GeneratedRegex(@"^(?:---(?:\s|$)|%YAML|[A-Za-z_][\w.\-]*:(?:\s|$))", RegexOptions.CultureInvariant)]
    private static partial Regex Yaml();

    [GeneratedRegex(@"^(?:op|vault|awssm|gcpsm|azurekv|ref\+\w+)://|^vault:|^arn:aws|^projects/[^/]+/secrets/|^!vault", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.\-]*://", RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    // ${NAME}, ${NAME:-x}, $(NAME), {{ … }}, <password>, [YOUR-PASSWORD], %NAME%, $PASSWORD
    [GeneratedRegex(
        @"^(?:\$\{[A-Za-z_][\w.]*(?:[:?+=\-][^}]*)?\}|\$\([A-Za-z_]\w*\)|\{\{.*\}\}|<[A-Za-z][\w \-]*>|\[(?:YOUR|MY)[\w \-]*\]|%[A-Z][A-Z0-9_]+%"
        + @"|\$[A-Z][A-Z0-9]*_[A-Z0-9_]+|\$(?:PASSWORD|PASS|USER|USERNAME|HOST|DATABASE|PORT)|YOUR[-_ ](?:PASSWORD|USERNAME|HOST|DATABASE))$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
