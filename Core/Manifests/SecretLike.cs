using System.Text.RegularExpressions;

namespace Kollect.Core.Manifests;

/// <summary>Recognises content that belongs in a Secret and not in a manifest.</summary>
internal static partial class SecretLike
{
    /// <summary>Parts of a key, compared in lower case with <c>-</c> and <c>.</c> as <c>_</c>.</summary>
    private static readonly string[] KeyParts =
    [
        "password", "passwd", "pwd", "secret", "token", "apikey", "api_key", "accesskey", "access_key", "privatekey", "private_key",
        "credential", "auth", "dsn", "uri",
    ];

    /// <summary>The part of the key that indicates a secret; None = harmless.</summary>
    public static Option<string> InKey(string key)
    {
        var plain = key.ToLowerInvariant().Replace('-', '_').Replace('.', '_');
        return KeyParts.FirstOrDefault(part => plain.Contains(part, StringComparison.Ordinal)) is { } part ? Some(part) : None;
    }

    /// <summary>The kind of secret in the value, in words; None = harmless.</summary>
    public static Option<string> InValue(string value) =>
        UserInfo().IsMatch(value) ? "a URL with user and password"
        : value.Contains("-----BEGIN ", StringComparison.Ordinal) ? Some("a PEM block")
        : None;

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9+.\-]*://[^\s/?#]*@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();
}
