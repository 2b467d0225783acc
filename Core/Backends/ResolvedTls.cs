using Kollect.Core.Secrets;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends;

/// <summary><c>spec.tls</c> with its Secret read.</summary>
/// <param name="Authority">PEM certificates to trust; None = the system's.</param>
/// <param name="SkipVerify">Accept any certificate.</param>
internal sealed record ResolvedTls(Option<SecretText> Authority, bool SkipVerify)
{
    /// <summary>Left = the Secret holds no certificate.</summary>
    /// <param name="caSecret">The Secret that it names.</param>
    public static Either<string, ResolvedTls> Of(TlsSettings tls, Option<SecretData> caSecret) =>
        caSecret
            .Match(
                secret => SecretKeys.ReadCertificateAuthority(secret).Map(Some),
                () => Right<string, Option<SecretText>>(tls.CaBundle.Map(pem => new SecretText(pem))))
            .Map(authority => new ResolvedTls(authority, tls.InsecureSkipVerify));
}
