namespace Kollect.Core.Secrets;

/// <summary>The keys of a Secret that may hold a value, in order of precedence: the first one that is not blank is used.</summary>
internal static class SecretKeys
{
    /// <summary>The certificates of trusted certificate authorities, in PEM.</summary>
    public static Seq<string> CertificateAuthority { get; } = Seq("ca.crt", "tls.crt", "ca.pem");

    private const int MaxLength = 253;

    /// <summary>
    /// The key in a message. A text that the API server accepts as no key may be a value in the wrong place, so it is not shown (Kubernetes,
    /// IsConfigMapKey: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 253 characters).
    /// </summary>
    public static string Shown(string key) => IsKey(key) ? key : "(a name that cannot be a key)";

    /// <summary>True = the API server accepts the key.</summary>
    public static bool IsKey(string key) =>
        key.Length is > 0 and <= MaxLength && key is not ("." or "..") && !key.StartsWith("..", StringComparison.Ordinal)
        && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    internal static Seq<string> Username { get; } = Seq("username", "user");

    internal static Seq<string> Password { get; } = Seq1("password");

    /// <summary>The first of <paramref name="keys"/> whose value is not blank.</summary>
    public static Option<(string Key, SecretText Value)> FirstSet(SecretData secret, Seq<string> keys) =>
        keys.Choose(key => secret.Data.Find(key).Filter(value => !value.IsBlank).Map(value => (key, value))).HeadOrNone();

    /// <summary>
    /// The certificates to trust. Left = a message: a Secret that is referenced as an authority and has no certificate is an error,
    /// because neither trusting nothing nor trusting everything is intended.
    /// </summary>
    public static Either<string, SecretText> ReadCertificateAuthority(SecretData secret) =>
        FirstSet(secret, CertificateAuthority).Match(
            found => found.Value.Reveal().Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)
                ? Right<string, SecretText>(found.Value)
                : Left<string, SecretText>(
                    $"Secret {secret.Ref.Namespace}/{secret.Ref.Name}, key {found.Key}: holds no PEM certificate (-----BEGIN CERTIFICATE-----)"),
            () => Left<string, SecretText>(
                $"Secret {secret.Ref.Namespace}/{secret.Ref.Name}: none of the keys {string.Join(", ", CertificateAuthority)} is set; "
                + "put the PEM certificates of the authority under ca.crt"));

    /// <summary>Removes one trailing line break, which <c>echo</c> and editors append to a value.</summary>
    internal static SecretText WithoutLineBreak(SecretText value)
    {
        var text = value.Reveal();
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? new SecretText(text[..^2])
            : text.EndsWith('\n') ? new SecretText(text[..^1])
            : value;
    }
}
