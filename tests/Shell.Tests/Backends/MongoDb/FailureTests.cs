using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>A failure is reported within 20 seconds, in one redacted line with stage, cause and remedy.</summary>
public sealed class FailureTests
{
    private static readonly SecretRef Uri = new("default", "uri");
    private static readonly SecretRef Ca = new("default", "ca");

    [Fact]
    public async Task Every_failure_is_reported_in_one_redacted_line()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("users of its own");
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        var user = MongoDbMirror.Exporter;
        var quick = HashMap(("serverSelectionTimeoutMS", "1000"));
        (string Name, MongoDbMirror Mirror)[] cases =
        [
            ("wrong password", mirror with { Uri = mirror.Server.UriOf(user with { Password = "wrong-of-secret" }) }),
            ("no such user", mirror with { Uri = mirror.Server.UriOf(user with { Name = "nobody-of-secret" }) }),
            ("no credentials", mirror with { Uri = mirror.Server.UriOf() }),
            ("refused connection", mirror with { Uri = "mongodb://user-of-secret:pass-of-secret@127.0.0.1:1/", Options = quick }),
            ("unknown host", mirror with { Uri = "mongodb://user-of-secret:pass-of-secret@nowhere.invalid/", Options = quick }),
            ("unknown SRV name", mirror with { Uri = "mongodb+srv://user-of-secret:pass-of-secret@a.nowhere.invalid/", Options = quick }),
            ("another replica set", mirror with { Uri = mirror.Server.UriOf(user, "replicaSet=set-of-secret"), Options = quick }),
            ("may not write", mirror with { Uri = mirror.Server.UriOf(MongoDbMirror.Reader) }),
        ];
        var text = new StringBuilder();
        foreach (var (name, it) in cases)
        {
            var watch = Stopwatch.StartNew();
            var failure = Assert.IsType<ExportResult.Failed>(await it.ExportAsync(Mirror.Items("a=2"), at: 1)).Failure;
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{name}: {watch.Elapsed}");
            Assert.DoesNotContain('\n', failure.Message);
            Assert.DoesNotContain("of-secret", failure.Message, StringComparison.Ordinal);
            text.Append(name).Append(" -> ").Append(failure.GetType().Name).Append("\n    ")
                .Append(Mirror.WithoutPort(failure.Message).Replace(mirror.Database, "db", StringComparison.Ordinal)).Append('\n');
        }

        Golden.Verify(text.ToString(), "mongodb/failures.txt");
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Only_the_configured_authority_is_trusted_unless_verification_is_disabled()
    {
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Tls = true });
        using var otherAuthority = OtherAuthority();
        Assert.Null(await ProbeAsync(server, new TlsSettings(server.AuthorityPem!, None, false)));
        Assert.Null(await ProbeAsync(server, new TlsSettings(None, Ca, false), server.AuthorityPem!));
        Assert.Null(await ProbeAsync(server, new TlsSettings(None, None, InsecureSkipVerify: true)));
        foreach (var refused in new[]
                 {
                     await ProbeAsync(server, new TlsSettings(otherAuthority.ExportCertificatePem(), None, false)),
                     await ProbeAsync(server, new TlsSettings(None, Ca, false), otherAuthority.ExportCertificatePem()),
                     await ProbeAsync(server, new TlsSettings(None, None, false), parameters: "tls=true"), // not an authority of the system
                 })
            Assert.Contains(": the TLS handshake failed", Assert.IsType<Failure.Refused>(refused).Message, StringComparison.Ordinal);
    }

    /// <summary>Null = the probe succeeded.</summary>
    private static async Task<Failure?> ProbeAsync(MongoDbServer server, TlsSettings tls, string caSecret = "", string parameters = "")
    {
        var sink = new MongoDbSink(
            new SinkSettings(
                "default", "test", KollectDatabaseSinkMode.Ensure, None, HashMap(("serverSelectionTimeoutMS", "1000")), false, None, true, "", tls, None),
            Uri,
            "inventory",
            "items");
        var destinations = AllBackends.Open(wanted => new SecretData(
            wanted,
            wanted == Ca ? HashMap(("ca.crt", new SecretText(caSecret))) : HashMap(("uri", new SecretText(server.UriOf(parameters: parameters)))),
            HashMap<string, string>()),
            Conformance.Mirror.Guarded);
        var opened = destinations.Open(sink, sink.Location);
        await using var destination = opened.Match(Right: it => it, Left: failure => throw new InvalidOperationException(failure.Message));
        return await destination.ProbeAsync(TestContext.Current.CancellationToken) is ProbeResult.Failed failed ? failed.Failure : null;
    }

    private static X509Certificate2 OtherAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=another authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
