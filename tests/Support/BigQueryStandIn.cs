using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>The process of a stand-in for BigQuery, its folder, and its control address.</summary>
internal sealed class BigQueryStandIn : IAsyncDisposable
{
    private readonly Process process;
    private readonly HttpClient control;

    /// <param name="process">Listens already.</param>
    /// <param name="folder">Removed with it.</param>
    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="authorityPem">Null = plain HTTP.</param>
    public BigQueryStandIn(Process process, string folder, int port, string? authorityPem)
    {
        (this.process, Folder, AuthorityPem) = (process, folder, authorityPem);
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"{(authorityPem is null ? "http" : "https")}://127.0.0.1:{port}");
        control = new HttpClient(Trusting(authorityPem)) { BaseAddress = new Uri($"{Endpoint}/stand-in/") };
    }

    public string Folder { get; }

    public string Endpoint { get; }

    public string? AuthorityPem { get; }

    public async Task<T> GetAsync<T>(string path, System.Text.Json.JsonSerializerOptions wire) =>
        (await control.GetFromJsonAsync<T>(new Uri(path, UriKind.Relative), wire, TestContext.Current.CancellationToken))!;

    public async Task<string> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await control.PostAsync(new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"stand-in/{path}: {answer}");
    }

    public async Task DeleteAsync(string path) =>
        (await control.DeleteAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        await StandIns.StopAsync(process);
        Directory.Delete(Folder, recursive: true);
    }

    private static SocketsHttpHandler Trusting(string? authority)
    {
        var handler = new SocketsHttpHandler();
        if (authority is not null)
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(authority) },
                RevocationMode = X509RevocationMode.NoCheck,
            };
        return handler;
    }
}
