using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kollect.Tests.Support;

/// <summary>Creates the certificate authority of a test, and certificates for 127.0.0.1, and for the Service of the webhook, signed by it.</summary>
public static class TestCertificates
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset To = DateTimeOffset.UtcNow.AddDays(1);

    /// <summary>
    /// Writes ca.pem, server.pem and server.key, and client.pem and client.key of an administrator named <c>client</c>; returns the authority's PEM.
    /// </summary>
    public static string Write(string folder)
    {
        using var authority = Authority();
        WritePair(folder, "server", "CN=127.0.0.1", authority);
        WritePair(folder, "client", "CN=client, O=system:masters", authority);
        var pem = authority.ExportCertificatePem();
        File.WriteAllText(Path.Combine(folder, "ca.pem"), pem);
        return pem;
    }

    /// <summary>Writes server.pem, followed by the intermediate authority that signed it, and server.key; returns the root's PEM.</summary>
    public static string WriteChain(string folder)
    {
        using var root = Authority();
        using var between = Authority(root);
        WritePair(folder, "server", "CN=127.0.0.1", between);
        File.AppendAllText(Path.Combine(folder, "server.pem"), "\n" + between.ExportCertificatePem());
        return root.ExportCertificatePem();
    }

    /// <summary>Writes server.pem for a name that no test connects to, and server.key; returns the authority's PEM.</summary>
    public static string WriteForAnotherName(string folder)
    {
        using var authority = Authority();
        WritePair(folder, "server", "CN=other.example.com", authority, names => names.AddDnsName("other.example.com"));
        return authority.ExportCertificatePem();
    }

    /// <summary>
    /// Writes server.pem, without the intermediate authority that signed it, and server.key; returns the root's PEM. The certificate names an
    /// address for the missing issuer, for its revocation list and for its OCSP responder.
    /// </summary>
    public static string WriteHostile(string folder, Uri address)
    {
        using var root = Authority();
        using var between = Authority(root);
        WritePair(folder, "server", "CN=127.0.0.1", between, names => names.AddIpAddress(IPAddress.Loopback),
            new X509AuthorityInformationAccessExtension([new Uri(address, "ocsp").AbsoluteUri], [new Uri(address, "issuer.crt").AbsoluteUri]),
            CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([new Uri(address, "list.crl").AbsoluteUri]));
        return root.ExportCertificatePem();
    }

    /// <param name="issuer">Null = the authority signs itself.</param>
    private static X509Certificate2 Authority(X509Certificate2? issuer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=authority {Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        if (issuer is null)
            return request.CreateSelfSigned(From, To);
        using var signed = request.Create(issuer, From, To, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    private static void WritePair(string folder, string file, string subject, X509Certificate2 issuer) =>
        WritePair(folder, file, subject, issuer, names =>
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName("kollect-webhook.kollect-system.svc");
        });

    private static void WritePair(
        string folder, string file, string subject, X509Certificate2 issuer, Action<SubjectAlternativeNameBuilder> name, params X509Extension[] further)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        request.CertificateExtensions.Add(names.Build());
        foreach (var extension in further)
            request.CertificateExtensions.Add(extension);
        using var certificate = request.Create(issuer, From, To, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, file + ".pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, file + ".key"), key.ExportPkcs8PrivateKeyPem());
    }
}
