using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Shell.Tests.Kubernetes;
using Kollect.Shell.Tests.Program;
using Kollect.Shell.Tests.Telemetry;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Health, metrics and admission of the program, without an API server.</summary>
[Collection("the thread pool: floods of requests, and terms of seconds that a late timer ends")]
public sealed class OperatorServerTests : IAsyncLifetime, IDisposable
{
    private const string Review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"7","operation":"CREATE","object":{
          "apiVersion":"kollect.dev/v1alpha1","kind":"KollectDatabaseSink","metadata":{"name":"a"},
          "spec":{"type":"postgres","cluster":"c","postgres":{"databaseRef":{"name":"n"},"table":"t"}}}}}
        """;

    private readonly TemporaryFolder made = new();
    private OperatorProgram program = null!;

    public async ValueTask InitializeAsync() => program = await OperatorProgram.StartAloneAsync(OperatorProgram.FreePort());

    public async ValueTask DisposeAsync() => await program.DisposeAsync();

    public void Dispose() => made.Dispose();

    [Fact]
    public async Task The_webhook_is_ready_once_its_certificate_exists()
    {
        var (status, text) = await ReadinessAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal($"webhook: waiting for tls.crt and tls.key in {program.CertificateFolder}\n", text);
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(Review));

        PutCertificate();
        await Eventually.HoldsAsync(async () => await ReadinessAsync() is (HttpStatusCode.OK, "ok\n"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Review)).Status);
    }

    [Fact]
    public async Task A_renewed_certificate_is_served()
    {
        var first = PutCertificate();
        await ServesAsync(first);
        await ServesAsync(PutCertificate());
    }

    [Fact]
    public async Task A_renewed_certificate_of_a_mounted_Secret_is_served()
    {
        // As the kubelet mounts a Secret: the files are links into ..data, a link that each update replaces.
        var first = PutMounted("..2026_01");
        File.CreateSymbolicLink(Path.Combine(program.CertificateFolder, "tls.crt"), "..data/tls.crt");
        File.CreateSymbolicLink(Path.Combine(program.CertificateFolder, "tls.key"), "..data/tls.key");
        await ServesAsync(first);
        await ServesAsync(PutMounted("..2026_02"));
    }

    [Fact]
    public async Task The_old_pair_is_served_while_the_new_one_does_not_match_which_is_logged_once()
    {
        var first = PutCertificate();
        await ServesAsync(first);
        TestCertificates.Write(made.Path);
        File.Copy(made.At("server.key"), Path.Combine(program.CertificateFolder, "tls.key"), overwrite: true);
        await Eventually.HoldsAsync(async () => await ServedAsync() == first && Complaints().Length > 0);
        for (var i = 0; i < 3; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken); // the files are read at most once a second
            Assert.Equal(first, await ServedAsync());
        }

        Assert.Single(Complaints());
        await ServesAsync(PutCertificate());

        string[] Complaints() => [.. program.Log.Where(line => line.Contains("not a usable pair", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Intermediate_certificates_are_sent()
    {
        var root = TestCertificates.WriteChain(made.Path);
        Install();
        await Eventually.HoldsAsync(async () => (await ReadinessAsync()).Status == HttpStatusCode.OK);
        using var client = Client(TrustOnly(root));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Review, client: client)).Status);
    }

    [Fact]
    public async Task Each_kind_of_invalid_request_has_its_status()
    {
        PutCertificate();
        var (status, text) = await PostAsync("{\"kind\": \"s3cret\"}");
        Assert.Equal((HttpStatusCode.BadRequest, "the body is no AdmissionReview\n"), (status, text));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync(Review, contentType: "text/plain")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Review, contentType: "application/json;charset=utf-8")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(new string(' ', (6 << 20) + 1))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(new string(' ', 6 << 20))).Status);
        using var client = Client(TrustAll);
        using var got = await client.GetAsync(WebhookUri(), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
        Assert.DoesNotContain(program.Log, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("healthz")]
    [InlineData("readyz")]
    [InlineData("other")]
    public async Task The_TLS_port_serves_admission_only(string path)
    {
        PutCertificate();
        using var client = Client(TrustAll);
        using var answer = await client.GetAsync(new Uri(WebhookUri(), "/" + path), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("--http-port")]
    [InlineData("--webhook-port")]
    public async Task A_port_in_use_is_refused_with_one_line(string option)
    {
        var other = option == "--http-port" ? "--webhook-port" : "--http-port";
        var taken = program.WebhookPort.ToString(CultureInfo.InvariantCulture);
        var refused = await Program.Kollect.RunAsync(
            ["operator", "--kubeconfig", made.Write("kubeconfig", UnreachableServer.Kubeconfig), option, taken, other, "0"]);
        Assert.Equal(
            (1, "", $"kollect: {option} {taken}: the port is in use; stop what listens there, or choose another one (0 = none)\n"),
            (refused.ExitCode, refused.Output, refused.Errors));
    }

    [Fact]
    public async Task One_port_for_both_is_refused_with_one_line()
    {
        var port = OperatorProgram.FreePort().ToString(CultureInfo.InvariantCulture);
        var refused = await Program.Kollect.RunAsync(
            ["operator", "--kubeconfig", made.Write("kubeconfig", UnreachableServer.Kubeconfig), "--http-port", port, "--webhook-port", port]);
        Assert.Equal(
            (1, "", $"kollect: --webhook-port {port}: the port is in use; stop what listens there, or choose another one (0 = none)\n"),
            (refused.ExitCode, refused.Output, refused.Errors));
    }

    [Fact]
    public async Task The_plain_port_serves_no_admission()
    {
        using var content = new StringContent(Review, Encoding.UTF8, "application/json");
        using var answer = await program.Http.PostAsync(new Uri("validate", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_in_the_format_of_Prometheus()
    {
        using var answer = await program.Http.GetAsync(new Uri("metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        var metrics = Exposition.Read(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.InRange(metrics["process_resident_memory_bytes"], 1 << 20, 1 << 30);
    }

    [Fact]
    public async Task Concurrent_reviews_are_all_answered()
    {
        PutCertificate();
        using var client = Client(TrustAll);
        await PostAsync(Review, client: client);
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(
            i => PostAsync(Review.Replace("\"uid\":\"7\"", Uid(i), StringComparison.Ordinal), client: client)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(
            Enumerable.Range(0, 300).Select(i => i.ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal),
            answers.Select(answer => (string)JsonNode.Parse(answer.Text)!["response"]!["uid"]!).Order(StringComparer.Ordinal));

        static string Uid(int i) => string.Create(CultureInfo.InvariantCulture, $"\"uid\":\"{i}\"");
    }

    [Fact]
    public async Task Endless_reviews_do_not_block_other_reviews()
    {
        PutCertificate();
        using var client = Client(TrustAll);
        await PostAsync(Review, client: client);
        using var stop = new CancellationTokenSource();
        var endless = Enumerable.Range(0, 32).Select(_ => client.PostAsync(WebhookUri(), new EndlessContent(), stop.Token)).ToArray();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(endless.Select(answer => Assert.ThrowsAnyAsync<Exception>(async () => (await answer).EnsureSuccessStatusCode())));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(25));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Review, client: client)).Status);
    }

    [Fact]
    public async Task A_log_line_is_one_JSON_object_with_its_time_in_UTC()
    {
        PutCertificate();
        await Eventually.HoldsAsync(async () =>
            (await ReadinessAsync()).Status == HttpStatusCode.OK && program.Log.Any(it => it.Contains("The webhook serves", StringComparison.Ordinal)));
        var line = JsonNode.Parse(program.Log.First(it => it.Contains("The webhook serves", StringComparison.Ordinal)))!;
        var time = DateTimeOffset.ParseExact(
            (string)line["Timestamp"]!, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        Assert.InRange(time, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Equal("Information", (string?)line["LogLevel"]);
    }

    private static RemoteCertificateValidationCallback TrustAll => static (_, _, _, _) => true;

    private static RemoteCertificateValidationCallback TrustOnly(string rootPem) => (_, _, chain, errors) =>
    {
        using var root = X509Certificate2.CreateFromPem(rootPem);
        chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        // The extra store already holds the other certificates that the server sent.
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && chain.Build(X509CertificateLoader.LoadCertificate(chain.ChainElements[0].Certificate.RawData));
    };

    private static HttpClient Client(RemoteCertificateValidationCallback trust)
    {
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = trust } };
        return new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version20, // as the API server
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private Uri WebhookUri() => new(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{program.WebhookPort}/validate"));

    /// <summary>Writes a new pair into the folder; returns the thumbprint of its certificate.</summary>
    private string PutCertificate()
    {
        TestCertificates.Write(made.Path);
        return Install();
    }

    private string Install()
    {
        File.Copy(made.At("server.pem"), Path.Combine(program.CertificateFolder, "tls.crt"), overwrite: true);
        File.Copy(made.At("server.key"), Path.Combine(program.CertificateFolder, "tls.key"), overwrite: true);
        return Thumbprint();
    }

    private string PutMounted(string version)
    {
        TestCertificates.Write(made.Path);
        var folder = Directory.CreateDirectory(Path.Combine(program.CertificateFolder, version)).FullName;
        File.Copy(made.At("server.pem"), Path.Combine(folder, "tls.crt"));
        File.Copy(made.At("server.key"), Path.Combine(folder, "tls.key"));
        var link = Path.Combine(program.CertificateFolder, "..data");
        File.Delete(link);
        File.CreateSymbolicLink(link, version);
        return Thumbprint();
    }

    private string Thumbprint()
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(made.At("server.pem"));
        return certificate.Thumbprint;
    }

    private Task ServesAsync(string thumbprint) => Eventually.HoldsAsync(async () => await ServedAsync() == thumbprint);

    /// <summary>The thumbprint of the certificate that a new connection gets; empty = the handshake failed.</summary>
    private async Task<string> ServedAsync()
    {
        var thumbprint = "";
        using var client = Client((_, certificate, _, _) =>
        {
            thumbprint = ((X509Certificate2)certificate!).Thumbprint;
            return true;
        });
        try
        {
            await PostAsync(Review, client: client);
        }
        catch (HttpRequestException)
        {
            return "";
        }

        return thumbprint;
    }

    private async Task<(HttpStatusCode Status, string Text)> ReadinessAsync()
    {
        using var answer = await program.Http.GetAsync(new Uri("readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string body, string contentType = "application/json", HttpClient? client = null)
    {
        using var own = client is null ? Client(TrustAll) : null;
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var answer = await (client ?? own!).PostAsync(WebhookUri(), content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A body that never ends, at 2 kB/s: fast enough for Kestrel, which closes at less than 240 bytes per second.</summary>
    private sealed class EndlessContent : HttpContent
    {
        public EndlessContent() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            while (true)
            {
                await stream.WriteAsync(new byte[500], cancellationToken);
                await stream.FlushAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
