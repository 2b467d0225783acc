using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary><c>spec.tls</c> against a server with a certificate of a private authority.</summary>
public sealed class TlsTests
{
    private static readonly SecretRef Dsn = new("default", "dsn");
    private static readonly SecretRef Ca = new("default", "ca");

    [Fact]
    public async Task Only_the_configured_authority_is_trusted_unless_verification_is_disabled()
    {
        GivenServer.Postgres.RequireNone("TLS with an authority of its own");
        PostgresServer.RequireInstalled();
        var folder = Directory.CreateTempSubdirectory("kollect-tls-").FullName;
        using var authority = Authority();
        using var otherAuthority = Authority();
        await WriteServerCertificateAsync(folder, authority);
        await using var server = await PostgresServer.StartOwnAsync(
            ("ssl", "on"), ("ssl_cert_file", Path.Combine(folder, "server.crt")), ("ssl_key_file", Path.Combine(folder, "server.key")));
        var url = new TestDatabase(server, "postgres").Url();

        Assert.Null(await ProbeAsync(url, Tls(authority.ExportCertificatePem())));
        Assert.Null(await ProbeAsync(url, new TlsSettings(None, Ca, false), authority.ExportCertificatePem()));
        Assert.Null(await ProbeAsync(url + "?sslmode=verify-full", new TlsSettings(None, None, InsecureSkipVerify: true)));
        var otherName = url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        foreach (var refused in new[]
                 {
                     await ProbeAsync(url, Tls(otherAuthority.ExportCertificatePem())),
                     await ProbeAsync(url, new TlsSettings(None, Ca, false), otherAuthority.ExportCertificatePem()),
                     await ProbeAsync(url + "?sslmode=verify-full", new TlsSettings(None, None, false)), // not an authority of the system
                     await ProbeAsync(otherName, Tls(authority.ExportCertificatePem())),
                 })
            Assert.Contains(": the TLS handshake failed", Assert.IsType<Failure.Refused>(refused).Message, StringComparison.Ordinal);
        foreach (var accepted in new[]
                 {
                     "sslmode=require&channel_binding=require", "sslmode=prefer", "sslmode=allow", "sslmode=disable", "channel_binding=disable",
                 })
            Assert.Null(await ProbeAsync($"{url}?{accepted}", new TlsSettings(None, None, false)));
        var unbound = await ProbeAsync(url + "?sslmode=disable&channel_binding=require", new TlsSettings(None, None, false));
        Assert.Contains("an authentication that cannot be given", Assert.IsType<Failure.Refused>(unbound).Message, StringComparison.Ordinal);
        var damaged = await ProbeAsync(url, Tls("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"));
        Assert.Contains("not valid PEM", Assert.IsType<Failure.Refused>(damaged).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The same holds for MongoDB; there a counterpart shows that a chain which may download does call the listener.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_address_that_stands_in_a_certificate_is_called(bool guarded)
    {
        GivenServer.Postgres.RequireNone("TLS with an authority of its own");
        PostgresServer.RequireInstalled();
        using var listener = new SilentServer();
        var folder = Directory.CreateTempSubdirectory("kollect-tls-").FullName;
        var authority = TestCertificates.WriteHostile(folder, new Uri($"http://127.0.0.1:{listener.Port}/"));
        await OwnedByServerAsync(folder, "server.key");
        await using var server = await PostgresServer.StartOwnAsync(
            ("ssl", "on"), ("ssl_cert_file", Path.Combine(folder, "server.pem")), ("ssl_key_file", Path.Combine(folder, "server.key")));

        var refused = await ProbeAsync(new TestDatabase(server, "postgres").Url(), Tls(authority), guard: guarded ? null : DialGuard.Unrestricted);

        Assert.Contains(": the TLS handshake failed", Assert.IsType<Failure.Refused>(refused).Message, StringComparison.Ordinal);
        Assert.Equal(0, listener.Connections);
        Directory.Delete(folder, recursive: true);
    }

    private static TlsSettings Tls(string pem) => new(pem, None, false);

    /// <summary>Null = the probe succeeded.</summary>
    private static async Task<Failure?> ProbeAsync(string url, TlsSettings tls, string caSecret = "", DialGuard? guard = null)
    {
        var sink = new PostgresSink(
            new SinkSettings("default", "test", KollectDatabaseSinkMode.Ensure, None, HashMap<string, string>(), false, None, true, "", tls, None),
            Dsn,
            "public",
            "inventory_items");
        var destinations = AllBackends.Open(wanted => new SecretData(
            wanted,
            wanted == Ca ? HashMap(("ca.crt", new SecretText(caSecret))) : HashMap(("url", new SecretText(url))),
            HashMap<string, string>()),
            guard ?? Conformance.Mirror.Guarded);
        var opened = destinations.Open(sink, sink.Location);
        var probe = await opened.MatchAsync(
            RightAsync: async destination =>
            {
                await using (destination)
                    return await destination.ProbeAsync(TestContext.Current.CancellationToken);
            },
            Left: failure => new ProbeResult.Failed(failure));
        return (probe as ProbeResult.Failed)?.Failure;
    }

    private static X509Certificate2 Authority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static async Task WriteServerCertificateAsync(string folder, X509Certificate2 authority)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        await File.WriteAllTextAsync(Path.Combine(folder, "server.crt"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
        await OwnedByServerAsync(folder, "server.key");
    }

    private static async Task OwnedByServerAsync(string folder, string key)
    {
        await RunAsync("chmod", "0600", Path.Combine(folder, key));
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "-R", "postgres", folder); // when started by root, the server runs under that account
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
    }
}
