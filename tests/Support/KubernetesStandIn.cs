using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>The process of a stand-in for an API server, its folder with certificates and tokens, and its control address.</summary>
internal sealed class KubernetesStandIn : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;
    private readonly HttpClient sideDoor;

    public KubernetesStandIn(Process process, string folder, int port, string authority)
    {
        (this.process, this.folder, Port, AuthorityPem) = (process, folder, port, authority);
        sideDoor = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = static (_, _, _, _) => true })
        {
            BaseAddress = new Uri($"{Url}/stand-in/"),
        };
    }

    public int Port { get; }

    public string AuthorityPem { get; }

    public string Url => $"https://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    public string At(string file) => Path.Combine(folder, file);

    public Task<JsonNode> PostAsync(string what, string body = "{}") => PostAsync(what, new StringContent(body, Encoding.UTF8, "application/json"));

    public Task<JsonNode> PostAsync(string what, IEnumerable<string> lines) => PostAsync(what, new LinesContent(lines));

    public async ValueTask DisposeAsync()
    {
        sideDoor.Dispose();
        await StandIns.StopAsync(process);
    }

    private async Task<JsonNode> PostAsync(string what, HttpContent content)
    {
        using (content)
        using (var response = await sideDoor.PostAsync(new Uri(what, UriKind.Relative), content, TestContext.Current.CancellationToken))
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!
                : throw new InvalidOperationException($"{what}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>Written while it is enumerated, so that the whole text is never in memory.</summary>
    private sealed class LinesContent(IEnumerable<string> lines) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var writer = new StreamWriter(stream, bufferSize: 1 << 16, leaveOpen: true);
            foreach (var line in lines)
                await writer.WriteAsync(line + "\n");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
