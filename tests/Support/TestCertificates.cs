using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kollect.Tests.Support;

/// <summary>Creates the certificate authority of a test, and certificates for 127.0.0.1 signed by it.</summary>
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

    private static void WritePair(string folder, string file, string subject, X509Certificate2 issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(issuer, From, To, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, file + ".pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, file + ".key"), key.ExportPkcs8PrivateKeyPem());
    }
}
