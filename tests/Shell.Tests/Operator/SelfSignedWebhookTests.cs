using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>The webhook whose certificate the operator issues itself, in a cluster where <c>kollect install --webhook self-signed</c> was applied.</summary>
public sealed class SelfSignedWebhookTests : IDisposable
{
    private const string Namespace = "kollect-system";
    private const string Host = "kollect-webhook.kollect-system.svc";

    private readonly Program.TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_API_server_calls_the_webhook_over_its_own_certificate_and_over_each_renewed_one()
    {
        var port = OperatorProgram.FreePort();
        await using var server = await InstalledAsync(port);

        await using (var first = await StartAsync(server, port))
        {
            await IsAskedAsync(server);
            // A second replica serves the same certificate.
            await using var second = await StartAsync(server, OperatorProgram.FreePort());
            Assert.Single(await CertificatesAsync(server, "ca.crt"));
        }

        var (authority, issued) = (await SecretAsync(server, "ca.crt"), await SecretAsync(server, "tls.crt"));
        await StoreAsync(server, Expiring(authority, await SecretAsync(server, "ca.key"), days: 29));
        await using (var renewed = await StartAsync(server, port))
        {
            await IsAskedAsync(server);
            var certificate = Assert.Single(await CertificatesAsync(server, "tls.crt"));
            Assert.True(certificate.NotAfter > DateTime.Now.AddDays(89));
            Assert.NotEqual(issued, certificate.ExportCertificatePem());
            Assert.Equal(authority, await SecretAsync(server, "ca.crt"));
        }

        await StoreAsync(server, ExpiringAuthority(days: 89));
        await using (var replaced = await StartAsync(server, port))
        {
            await IsAskedAsync(server);
            Assert.Equal(2, (await CertificatesAsync(server, "ca.crt")).Length); // the one before is trusted, too
        }

        Assert.DoesNotContain(await server.WritesAsync(), write => write.Code == 403);
        Assert.Equal(2, (await server.RequestsAsync()).Rules.Count(rule => rule.Contains("kollect-webhook", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_missing_is_named_and_the_operator_works_without_its_webhook()
    {
        await using var server = await InstalledAsync(OperatorProgram.FreePort());
        await server.DeleteAsync("secret", "kollect-webhook-tls", Namespace);
        await using var program = await OperatorProgram.StartAliveAsync(
            Kubeconfig(server), OperatorProgram.FreePort(), "--webhook-self-signed", "--leader-election-namespace", Namespace);
        await Eventually.HoldsAsync(() => Task.FromResult(program.Log.Any(line => line.Contains(
            "secrets kollect-system/kollect-webhook-tls does not exist; apply what kollect install --webhook self-signed prints", StringComparison.Ordinal))));
        using var ready = await program.Http.GetAsync(new Uri("readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(
            "webhook: waiting for the certificate in the Secret kollect-system/kollect-webhook-tls\n",
            await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<KubernetesServer> InstalledAsync(int port)
    {
        var server = await KubernetesServer.StartAsync(new KubernetesOptions
        {
            EnforceRbac = true,
            Services = new Dictionary<string, string>
            {
                [$"{Namespace}/kollect-webhook"] = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"),
            },
        });
        await server.AddTokenAsync("token-of-the-operator", $"system:serviceaccount:{Namespace}:kollect-operator", "system:serviceaccounts");
        await server.ApplyAsync((await Program.Kollect.RunAsync(["install", "--webhook", "self-signed"])).Output);
        return server;
    }

    private string Kubeconfig(KubernetesServer server) => folder.Write("kubeconfig", server.KubeconfigOf("token-of-the-operator"));

    /// <summary>Returns when the operator is ready: then it has a certificate.</summary>
    private Task<OperatorProgram> StartAsync(KubernetesServer server, int port) =>
        OperatorProgram.StartAsync(Kubeconfig(server), port, "--webhook-self-signed", "--leader-election-namespace", Namespace);

    /// <summary>The failure policy is Ignore: where the certificate is not trusted, an invalid sink is admitted.</summary>
    private static async Task IsAskedAsync(KubernetesServer server)
    {
        var refused = await server.KubectlWithInputAsync(PostgresSink(spec: "options: {skip_unchanged: \"yes\"}"), "apply", "-f", "-");
        Assert.Contains("KDB042", refused.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> SecretAsync(KubernetesServer server, string key) => Encoding.UTF8.GetString(Convert.FromBase64String(
        await server.JsonPathAsync("secret", "kollect-webhook-tls", $"{{.data.{key.Replace(".", "\\.", StringComparison.Ordinal)}}}", Namespace)));

    private static async Task<X509Certificate2[]> CertificatesAsync(KubernetesServer server, string key)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPem(await SecretAsync(server, key));
        return [.. found];
    }

    private static Task StoreAsync(KubernetesServer server, params (string Key, string Pem)[] files) => server.PatchAsync(
        "secret",
        "kollect-webhook-tls",
        new JsonObject
        {
            ["data"] = new JsonObject(files.Select(it => KeyValuePair.Create(it.Key, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(it.Pem))))),
        }.ToJsonString(),
        Namespace);

    private static (string Key, string Pem)[] Expiring(string authorityPem, string authorityKey, int days)
    {
        using var authority = X509Certificate2.CreateFromPem(authorityPem, authorityKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(days), [1, 2, 3]);
        return [("tls.crt", signed.ExportCertificatePem()), ("tls.key", key.ExportPkcs8PrivateKeyPem())];
    }

    private static (string Key, string Pem)[] ExpiringAuthority(int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=an old authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-600), DateTimeOffset.UtcNow.AddDays(days));
        var (pem, privateKey) = (authority.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        return [("ca.crt", pem), ("ca.key", privateKey), .. Expiring(pem, privateKey, days)];
    }
}
