using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kollect.Core.Backends;

namespace Kollect.Shell.Backends.Dial;

/// <summary><c>spec.tls</c> with its certificates read: which certificate of a server is accepted.</summary>
/// <param name="Authorities">Null = the system's.</param>
/// <param name="SkipVerify">Accept any certificate.</param>
internal sealed record ServerTrust(X509Certificate2Collection? Authorities, bool SkipVerify)
{
    /// <summary>Left = the certificates of the authority cannot be read.</summary>
    public static Either<string, ServerTrust> Of(ResolvedTls tls)
    {
        X509Certificate2Collection? authorities = null;
        foreach (var pem in tls.Authority.ToSeq())
            try
            {
                authorities = [];
                authorities.ImportFromPem(pem.Reveal());
            }
            catch (CryptographicException)
            {
                return "the certificates of spec.tls are not valid PEM; put -----BEGIN CERTIFICATE----- blocks there";
            }

        return new ServerTrust(authorities, tls.SkipVerify);
    }

    /// <summary>
    /// The options of one handshake: name and chain are verified, and no address that stands in a certificate is called, neither for a
    /// missing issuer (AIA) nor for revocation (OCSP, CRL). The first would let a server choose what this process connects to.
    /// </summary>
    /// <param name="host">The name or address that the certificate must carry.</param>
    public SslClientAuthenticationOptions Handshake(string host) => new()
    {
        TargetHost = host,
        CertificateChainPolicy = ChainPolicy(),
        RemoteCertificateValidationCallback = SkipVerify ? (_, _, _, _) => true : null,
    };

    private X509ChainPolicy ChainPolicy()
    {
        var policy = DialGuard.WithoutDownloads();
        if (Authorities is null)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }
}
