namespace Kollect.Core.Secrets;

/// <summary>Under which key of a Secret a value is looked for: the first one that is not blank wins.</summary>
public static class SecretKeys
{
    /// <summary>Certificates of the authorities to trust, PEM.</summary>
    public static Seq<string> CertificateAuthority { get; } = Seq("ca.crt", "tls.crt", "ca.pem");

    internal static Seq<string> Username { get; } = Seq("username", "user");

    internal static Seq<string> Password { get; } = Seq1("password");

    /// <summary>The first of <paramref name="keys"/> whose value is not blank.</summary>
    public static Option<(string Key, SecretText Value)> FirstSet(SecretData secret, Seq<string> keys) =>
        keys.Choose(key => secret.Data.Find(key).Filter(value => !value.IsBlank).Map(value => (key, value))).HeadOrNone();

    /// <summary>
    /// The certificates to trust. A Secret that was referenced for them and has none is an error: silently trusting nothing, or
    /// everything, is what nobody meant. Left = why not.
    /// </summary>
    public static Either<string, SecretText> ReadCertificateAuthority(SecretData secret) =>
        FirstSet(secret, CertificateAuthority).Match(
            found => found.Value.Reveal().Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)
                ? Right<string, SecretText>(found.Value)
                : Left<string, SecretText>($"Secret {secret.Ref.Namespace}/{secret.Ref.Name}, key {found.Key}: holds no PEM certificate (-----BEGIN CERTIFICATE-----)"),
            () => Left<string, SecretText>($"Secret {secret.Ref.Namespace}/{secret.Ref.Name}: none of the keys {string.Join(", ", CertificateAuthority)} is set; put the PEM certificates of the authority under ca.crt"));

    /// <summary>Without the one line break that <c>echo</c> and editors leave at the end of a value.</summary>
    internal static SecretText WithoutLineBreak(SecretText value)
    {
        var text = value.Reveal();
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? new SecretText(text[..^2])
            : text.EndsWith('\n') ? new SecretText(text[..^1])
            : value;
    }
}
