using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kollect.Core.Kubernetes;

namespace Kollect.Host.Operator;

/// <summary>A certificate and its key, both PEM.</summary>
/// <param name="Certificate">May hold further certificates, which follow the one that the key belongs to.</param>
internal sealed record CertificatePair(string Certificate, string Key)
{
    /// <exception cref="CryptographicException">It is not a usable pair.</exception>
    /// <exception cref="ArgumentException">The key, of an elliptic curve, belongs to another certificate.</exception>
    public SslStreamCertificateContext Load()
    {
        using var pem = X509Certificate2.CreateFromPem(Certificate, Key);
        var between = new X509Certificate2Collection();
        between.ImportFromPem(Certificate);
        between.RemoveAt(0);
        // TLS on some platforms cannot use the key of a PEM certificate; a certificate loaded from PKCS #12 works on all.
        var loaded = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        return SslStreamCertificateContext.Create(loaded, between, offline: true);
    }

    /// <summary>What the certificate says; None = it is not a usable pair, or not by this issuer.</summary>
    /// <param name="issuer">Null = any.</param>
    public Option<IssuedCertificate> Read(CertificatePair? issuer = null)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPem(Certificate, Key);
            if (issuer is not null && !IsIssuedBy(pem, issuer))
                return None;
            var names = pem.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(it => it.EnumerateDnsNames());
            return new IssuedCertificate(pem.NotBefore.ToUniversalTime(), pem.NotAfter.ToUniversalTime(), toSeq(names).Strict());
        }
        catch (Exception damaged) when (damaged is CryptographicException or ArgumentException)
        {
            return None;
        }
    }

    /// <summary>An authority that signs itself.</summary>
    public static CertificatePair Authority(string name, IssuedCertificate it)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var signed = request.CreateSelfSigned(it.NotBefore, it.NotAfter);
        return new CertificatePair(signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A certificate for a server, signed by this authority.</summary>
    public CertificatePair Sign(IssuedCertificate it)
    {
        using var authority = X509Certificate2.CreateFromPem(Certificate, Key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={it.Names[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in it.Names)
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // serverAuth
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, false));
        using var signed = request.Create(authority, it.NotBefore, it.NotAfter, RandomNumberGenerator.GetBytes(16));
        return new CertificatePair(signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, CertificatePair issuer)
    {
        using var authority = X509Certificate2.CreateFromPem(issuer.Certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid; // when it is renewed is decided elsewhere
        return chain.Build(certificate);
    }
}
