using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.BigQuery;

/// <summary>A failure is reported within 20 seconds, in one redacted line with stage, cause and remedy.</summary>
public sealed class FailureTests
{
    [Fact]
    public async Task Every_failure_is_reported_in_one_redacted_line()
    {
        await using var mirror = await BigQueryMirror.CreateOwnAsync("accounts of its own");
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        var https = mirror.Server.Endpoint.Replace("http:", "https:", StringComparison.Ordinal);
        (string Name, Mirror Mirror)[] cases =
        [
            ("another account's key", await mirror.WithWrongPasswordAsync()),
            ("no such account", mirror with { Credentials = With(mirror, "client_email", "nobody-of-secret@kollect-test.iam.gserviceaccount.com") }),
            ("a damaged key", mirror with { Credentials = With(mirror, "private_key", "-----BEGIN PRIVATE KEY-----\nof-secret\n-----END PRIVATE KEY-----\n") }),
            ("closed port", mirror.WithClosedPort()),
            ("unknown host", mirror with
            {
                Endpoint = new Uri("http://nowhere.invalid/"),
                Credentials = With(mirror, "token_uri", "http://nowhere.invalid/token"),
            }),
            ("not TLS", mirror with { Endpoint = new Uri(https), Credentials = With(mirror, "token_uri", https + "/token") }),
            ("no such dataset", mirror with { Dataset = "elsewhere" }),
        ];
        var text = new StringBuilder();
        foreach (var (name, it) in cases)
        {
            var watch = Stopwatch.StartNew();
            var failure = Assert.IsType<ExportResult.Failed>(await it.ExportAsync(Mirror.Items("a=2"), at: 1)).Failure;
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{name}: {watch.Elapsed}");
            Assert.DoesNotContain('\n', failure.Message);
            Assert.DoesNotContain("of-secret", failure.Message, StringComparison.Ordinal);
            text.Append(name).Append(" -> ").Append(failure.GetType().Name).Append("\n    ").Append(Mirror.WithoutPort(failure.Message)).Append('\n');
        }

        Golden.Verify(text.ToString(), "bigquery/failures.txt");
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_token_is_required_and_only_the_configured_authority_is_trusted()
    {
        await using var server = await BigQueryServer.StartAsync(new BigQueryOptions { Tls = true, RequireAuth = true });
        var mirror = await BigQueryMirror.OverAsync(server);
        await (mirror with { Tls = new TlsSettings(server.AuthorityPem!, None, false) }).ExportedAsync(Mirror.Items("a=1"));
        await (mirror with { Tls = new TlsSettings(None, None, InsecureSkipVerify: true) }).ExportedAsync(Mirror.Items("a=2"), at: 1);
        Assert.Equal("a=2", await mirror.RowsAsync());

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=another authority", key, HashAlgorithmName.SHA256);
        using var otherAuthority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        foreach (var tls in new[] { new TlsSettings(None, None, false), new TlsSettings(otherAuthority.ExportCertificatePem(), None, false) })
        {
            var refused = Assert.IsType<ExportResult.Failed>(await (mirror with { Tls = tls }).ExportAsync(Mirror.Items("a=3"), at: 2)).Failure;
            Assert.Contains(": the TLS handshake failed", Assert.IsType<Failure.Refused>(refused).Message, StringComparison.Ordinal);
        }
    }

    private static string With(BigQueryMirror mirror, string field, string value)
    {
        var account = JsonNode.Parse(mirror.Credentials)!.AsObject();
        account[field] = value;
        return account.ToJsonString();
    }
}
