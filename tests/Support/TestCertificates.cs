using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kollect.Tests.Support;

/// <summary>A certificate authority of one test, and what it signed for 127.0.0.1.</summary>
public static class TestCertificates
{
    /// <summary>Writes ca.pem, server.pem and server.key, and client.pem and client.key of an administrator named <c>client</c>; answers the authority's PEM.</summary>
    public static string Write(string folder)
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN=authority {Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = authorityRequest.CreateSelfSigned(from, to);
        Sign("server", "CN=127.0.0.1");
        Sign("client", "CN=client, O=system:masters");
        var pem = authority.ExportCertificatePem();
        File.WriteAllText(Path.Combine(folder, "ca.pem"), pem);
        return pem;

        void Sign(string file, string subject)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using var certificate = request.Create(authority, from, to, RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(Path.Combine(folder, file + ".pem"), certificate.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder, file + ".key"), key.ExportPkcs8PrivateKeyPem());
        }
    }
}
