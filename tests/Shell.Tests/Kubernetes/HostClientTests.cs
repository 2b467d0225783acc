using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Authentication;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Transport;
using static Kollect.Shell.Tests.Kubernetes.Clients;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A host's own <see cref="IKubernetes"/>: connections and credentials are the host's, everything else is as on our own client.</summary>
public sealed class HostClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"answer\":{\"status\":500}")]
    [InlineData("\"answer\":{\"status\":503}")]
    [InlineData("\"answer\":{\"status\":429}")]
    [InlineData("\"drop\":true")]
    public async Task A_short_fault_is_not_reported(string fault)
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = Client(server);
        using var api = KubernetesApi.Connect(client, new HurriedTime(20));
        await server.FailAsync($$"""{"times":3,{{fault}}}""");
        await api.CreateAsync("one");
        Assert.NotNull(await api.GetAsync(ConfigMaps, Named("one"), Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_to_a_silent_server_times_out(bool watch)
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = Client(server);
        using var api = KubernetesApi.Connect(client, new HurriedTime(30));
        await server.FailAsync("""{"times":9,"hang":600000}""");
        var failure = await Assert.ThrowsAsync<ApiException>(() => watch
            ? api.WatchAsync(ConfigMaps, Selection.All, "1", Cancel).ToListAsync(Cancel).AsTask()
            : api.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal("the API server did not answer within 30 s", failure.Message);
    }

    [Fact]
    public async Task A_watch_reports_changes_and_a_version_that_is_too_old()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = Client(server);
        using var api = KubernetesApi.Connect(client, TimeProvider.System);
        var version = (await api.ListAsync(ConfigMaps, Selection.All, Cancel).FirstAsync(Cancel)).ResourceVersion;
        await api.CreateAsync("one", "first");
        var seen = await api.WatchAsync(ConfigMaps, new Selection("default"), version, Cancel).FirstAsync(Cancel);
        Assert.Equal("first", Field(Assert.IsType<WatchEvent.Seen>(seen).Object, "data.it"));

        await server.CompactAsync();
        var failure = await Assert.ThrowsAsync<ApiException>(
            () => api.WatchAsync(ConfigMaps, Selection.All, "1", Cancel).ToListAsync(Cancel).AsTask());
        Assert.Equal(ApiError.Gone, failure.Kind);
    }

    [Fact]
    public async Task A_token_is_asked_for_again_when_it_was_refused()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("new-token", "host", "system:masters");
        var tokens = new Tokens("old-token", "new-token");
        using var client = Client(server, settings => settings.TokenProvider = tokens);
        using var api = KubernetesApi.Connect(client, TimeProvider.System);
        await api.CreateAsync("one");
        Assert.Equal("host", Assert.Single(await server.WritesAsync(), write => write.Code < 400).User);

        await server.RevokeTokenAsync("new-token");
        var refusal = await Assert.ThrowsAsync<ApiException>(() => api.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal(ApiError.Unauthorized, refusal.Kind);
    }

    [Fact]
    public async Task A_failing_credential_is_reported_without_its_text()
    {
        await using var server = new Answering(_ => Task.CompletedTask);
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration { Host = server.Url, TokenProvider = new Tokens() });
        using var api = KubernetesApi.Connect(client, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ApiException>(() => api.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal((ApiError.Unauthorized, "the credential of the host's client failed (InvalidOperationException)"), (failure.Kind, failure.Message));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData(false, "2.0")]
    [InlineData(true, "1.1")]
    public async Task The_server_name_and_the_HTTP_version_of_the_client_are_used(bool disableHttp2, string version)
    {
        await using var server = await KubernetesServer.StartAsync();
        var versions = new Versions();
        using var client = Client(
            server,
            settings =>
            {
                settings.Host = settings.Host.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
                settings.TlsServerName = "127.0.0.1"; // the only name in the server's certificate
                settings.DisableHttp2 = disableHttp2;
            },
            versions);
        using var api = KubernetesApi.Connect(client, TimeProvider.System);
        await api.CreateAsync("one");
        Assert.Equal(version, versions.Last?.ToString());
    }

    [Fact]
    public async Task The_client_stays_the_hosts()
    {
        await using var server = await KubernetesServer.StartAsync();
        var client = Client(server);
        var api = KubernetesApi.Connect(client, TimeProvider.System);
        await api.CreateAsync("one");
        api.Dispose();
        Assert.Contains(
            (await client.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancel)).Items, map => map.Metadata.Name == "one");

        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => api.GetAsync(ConfigMaps, Named("one"), Cancel));
    }

    [Fact]
    public void Another_implementation_of_the_interface_is_refused()
    {
        var other = DispatchProxy.Create<IKubernetes, Nothing>();
        var refusal = Assert.Throws<ArgumentException>(() => KubernetesApi.Connect(other, TimeProvider.System));
        Assert.Contains("is not a k8s.Kubernetes; register an IKubernetesApi for it", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A client as a careful host builds it: it verifies the server's certificate and name.</summary>
    private static k8s.Kubernetes Client(KubernetesServer server, Action<KubernetesClientConfiguration>? change = null, params DelegatingHandler[] handlers)
    {
        var settings = KubernetesClientConfiguration.BuildConfigFromConfigFile(server.Kubeconfig);
        settings.SslCaCerts = null;
        settings.FirstMessageHandlerSetup = handler =>
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPem(server.AuthorityPem);
            handler.SslOptions.CertificateChainPolicy = policy;
        };
        change?.Invoke(settings);
        return new k8s.Kubernetes(settings, handlers);
    }

    /// <summary>Gives these tokens in turn, the last one for ever; without any it fails.</summary>
    private sealed class Tokens(params string[] tokens) : ITokenProvider
    {
        private int given;

        public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) => tokens.Length == 0
            ? throw new InvalidOperationException("hunter2")
            : Task.FromResult(new AuthenticationHeaderValue("Bearer", tokens[Math.Min(given++, tokens.Length - 1)]));
    }

    private sealed class Versions : DelegatingHandler
    {
        public Version? Last { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Last = response.Version;
            return response;
        }
    }

    private class Nothing : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
    }
}
