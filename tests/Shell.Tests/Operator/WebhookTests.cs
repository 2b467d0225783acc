using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Kollect.Shell.Tests.Kubernetes;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Requests sent directly to the port of the webhook, and metrics by OTLP.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task Invalid_requests_are_refused_and_a_renewed_certificate_is_served()
    {
        await using var server = await KubernetesServer.StartAsync();
        await using var program = await OperatorProgram.StartAsync(server.Kubeconfig, OperatorProgram.FreePort(), "--leader-election", "false");
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, _) => true })
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{program.WebhookPort}/")),
        };

        Assert.Equal((HttpStatusCode.BadRequest, "the body is not JSON: line 1, byte 1 of the line\n"), await PostAsync(http, "garbage"));
        Assert.Equal((HttpStatusCode.BadRequest, "the body is no AdmissionReview\n"), await PostAsync(http, "{}"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync(http, "{}", "text/plain")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(http, new string(' ', 7 << 20))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await GetAsync("validate"));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync("metrics"));

        var before = await ServedAsync(program.WebhookPort);
        var folder = program.CertificateFolder;
        await File.WriteAllTextAsync(Path.Combine(folder, "tls.crt"), "half-written", TestContext.Current.CancellationToken);
        Assert.Equal(before, await ServedAsync(program.WebhookPort));
        TestCertificates.Write(folder);
        File.Move(Path.Combine(folder, "server.key"), Path.Combine(folder, "tls.key"), overwrite: true);
        File.Move(Path.Combine(folder, "server.pem"), Path.Combine(folder, "tls.crt"), overwrite: true);
        await Eventually.HoldsAsync(async () => await ServedAsync(program.WebhookPort) != before);

        async Task<HttpStatusCode> GetAsync(string path) =>
            (await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode;
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "/v1/metrics")]
    public async Task Metrics_are_sent_by_OTLP_if_the_environment_names_an_endpoint(string variable, string path)
    {
        await using var server = await KubernetesServer.StartAsync();
        // The first metrics may be sent before the controllers run: each request gets its answer, until one has the metric.
        var reported = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var collector = new Answering(async context =>
        {
            using var body = new StreamReader(context.Request.InputStream, Encoding.Latin1);
            if ((await body.ReadToEndAsync(TestContext.Current.CancellationToken)).Contains("kollect_leader", StringComparison.Ordinal))
                reported.TrySetResult($"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath}");
        });
        using var process = Program.Kollect.Start(
            ["operator", "--kubeconfig", server.Kubeconfig, "--http-port", "0", "--webhook-port", "0", "--leader-election", "false"],
            [(variable, collector.Url.TrimEnd('/') + path), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "500")]);
        try
        {
            Assert.Equal("POST /v1/metrics", await reported.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(HttpClient http, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        using var request = new HttpRequestMessage(HttpMethod.Post, "validate") { Content = content };
        request.Headers.ExpectContinue = true; // the answer to a body that is too large comes before it is sent
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string> ServedAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("127.0.0.1");
        return tls.RemoteCertificate!.GetCertHashString();
    }
}
