using System.Text.Json.Nodes;
using k8s;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Config;
using Kollect.Operator.Kubernetes.Transport;
using static Kollect.Shell.Tests.Kubernetes.Clients;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>
/// What the package KubernetesClient does wrong (21.0.8), and that our client over it does not. Where the first part of a test fails after an upgrade, the
/// package has been mended, and so may be the class that avoids the fault.
/// </summary>
public sealed class KubernetesPackageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kollect-package-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_name_of_the_server_is_verified_under_an_authority_of_its_own()
    {
        await using var server = await KubernetesServer.StartAsync();
        var kubeconfig = JsonNode.Parse(await File.ReadAllTextAsync(server.Kubeconfig, Cancel))!;
        var file = Write(kubeconfig, cluster => cluster["server"] = server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        using (var package = Package(file))
            await package.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancel);

        using var api = Ours(file);
        var failure = await Assert.ThrowsAsync<ApiException>(() => api.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal("the API server cannot be reached: TLS: its certificate is not trusted, or is for another name", failure.Message);

        using var right = Ours(server.Kubeconfig);
        Assert.Null(await right.GetAsync(ConfigMaps, Named("one"), Cancel));
    }

    [Theory]
    [InlineData("the issuer is missing")]
    [InlineData("the authorities of the system")]
    [InlineData("the issuer is trusted")]
    [InlineData("insecure-skip-tls-verify")]
    public async Task No_address_in_a_hostile_certificate_is_fetched(string trust)
    {
        await using var listener = new Answering(_ => Task.CompletedTask);
        await using var server = new HostileServer(listener.Url);
        TestCertificates.Write(folder);
        var cluster = new JsonObject { ["server"] = server.Url };
        if (trust == "insecure-skip-tls-verify")
            cluster["insecure-skip-tls-verify"] = true;
        else if (trust != "the authorities of the system")
            cluster["certificate-authority-data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(
                trust == "the issuer is trusted" ? server.AuthorityPem : await File.ReadAllTextAsync(Path.Combine(folder, "ca.pem"), Cancel)));
        var file = Write(Kubeconfig(cluster, new JsonObject { ["token"] = "it" }));

        using var api = Ours(file);
        if (trust is "insecure-skip-tls-verify" or "the issuer is trusted")
            Assert.Null(await api.GetAsync(ConfigMaps, Named("one"), Cancel));
        else
            Assert.StartsWith(
                "the API server cannot be reached: TLS",
                (await Assert.ThrowsAsync<ApiException>(() => api.GetAsync(ConfigMaps, Named("one"), Cancel))).Message,
                StringComparison.Ordinal);
        Assert.Empty(listener.Asked);

        using var package = Package(file);
        await Record.ExceptionAsync(() => package.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancel));
        Assert.NotEmpty(listener.Asked);
    }

    [Fact]
    public async Task A_token_file_is_read()
    {
        await using var server = new Answering(_ => Task.CompletedTask);
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), "of-the-file", Cancel);
        var user = new JsonObject { ["token"] = "of-the-config", ["tokenFile"] = Path.Combine(folder, "token") };
        await AskBothAsync(Write(Kubeconfig(new JsonObject { ["server"] = server.Url }, user)));
        Assert.Equal(["Bearer of-the-config", "Bearer of-the-file"], server.Asked); // kubectl prefers the file
    }

    [Fact]
    public async Task A_proxy_of_the_kubeconfig_is_used()
    {
        await using var server = await KubernetesServer.StartAsync();
        await using var proxy = new ConnectProxy();
        var kubeconfig = JsonNode.Parse(await File.ReadAllTextAsync(server.Kubeconfig, Cancel))!;
        var file = Write(kubeconfig, cluster => cluster["proxy-url"] = proxy.Url);
        using (var package = Package(file))
            await package.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancel);
        Assert.Empty(proxy.Asked);

        using var api = Ours(file);
        Assert.Null(await api.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal([$"CONNECT {server.Url["https://".Length..]} HTTP/1.1"], proxy.Asked);
    }

    [Fact]
    public async Task Impersonation_is_refused()
    {
        await using var server = new Answering(_ => Task.CompletedTask);
        var user = new JsonObject { ["token"] = "of-the-admin", ["as"] = "nobody" };
        var file = Write(Kubeconfig(new JsonObject { ["server"] = server.Url }, user));
        using (var package = Package(file))
            await Record.ExceptionAsync(() => package.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancel));
        Assert.Equal(["Bearer of-the-admin"], server.Asked);

        var refusal = Assert.Throws<KubernetesConfigException>(() => Ours(file));
        Assert.EndsWith("as: impersonation is not supported; use a user with its own credential", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exec_plugin_gets_its_arguments_and_is_run_when_a_request_needs_it()
    {
        await using var server = new Answering(_ => Task.CompletedTask);
        var plugin = Path.Combine(folder, "plugin");
        await File.WriteAllTextAsync(
            plugin,
            $$$"""
            echo run >> {{{folder}}}/runs
            echo "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"$#-arguments\"}}"
            """,
            Cancel);
        var exec = new JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1",
            ["command"] = "sh",
            ["args"] = new JsonArray(plugin, "two words"),
            ["interactiveMode"] = "Never",
        };
        var file = Write(Kubeconfig(new JsonObject { ["server"] = server.Url }, new JsonObject { ["exec"] = exec }));
        using (Package(file))
            Assert.True(File.Exists(Path.Combine(folder, "runs")));

        File.Delete(Path.Combine(folder, "runs"));
        using (Ours(file))
            Assert.False(File.Exists(Path.Combine(folder, "runs")));
        await AskBothAsync(file);
        Assert.Equal(["Bearer 2-arguments", "Bearer 1-arguments"], server.Asked);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.FailAsync("""{"times":1,"answer":{"status":429,"retryAfter":1}}""");
        using (var package = Package(server.Kubeconfig))
            await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(
                () => package.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancel));

        await server.FailAsync("""{"times":1,"answer":{"status":429,"retryAfter":1}}""");
        using var api = Ours(server.Kubeconfig);
        Assert.Null(await api.GetAsync(ConfigMaps, Named("one"), Cancel));
    }

    [Fact]
    public async Task A_Lease_without_a_holder_is_taken()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.ApplyAsync("apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: election, namespace: default}\nspec: {}\n");
        await server.ResetRequestsAsync();
        using (var package = Package(server.Kubeconfig))
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            var election = new LeaderElectionConfig(new LeaseLock(package, "default", "election", "package")) { RetryPeriod = TimeSpan.FromMilliseconds(100) };
            using var elector = new LeaderElector(election);
            var run = elector.RunUntilLeadershipLostAsync(stop.Token);
            await Eventually.HoldsAsync(async () => (await server.WritesAsync()).Count > 3);
            Assert.All(await server.WritesAsync(), write => Assert.Equal(("create", 409), (write.Verb, write.Code)));
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }

        using var api = Ours(server.Kubeconfig);
        await using var ours = new Contender(api, "ours");
        await ours.Elected;
    }

    [Fact]
    public void Only_one_folder_imports_the_package()
    {
        var importing = Directory.EnumerateFiles(Repository.At("Shell"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Any(line => line.StartsWith("using k8s", StringComparison.Ordinal)));
        Assert.Equal([Repository.At("Shell/Operator/Kubernetes/Transport")], importing.Select(Path.GetDirectoryName).Distinct());
    }

    /// <summary>One request of the package's own client, then one of ours.</summary>
    private static async Task AskBothAsync(string kubeconfig)
    {
        using (var package = Package(kubeconfig))
            await Record.ExceptionAsync(() => package.CoreV1.ListNamespacedConfigMapAsync("default", cancellationToken: Cancel));
        using var api = Ours(kubeconfig);
        await api.GetAsync(ConfigMaps, Named("one"), Cancel);
    }

    private static k8s.Kubernetes Package(string kubeconfig) => new(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));

    private static KubernetesApi Ours(string kubeconfig)
    {
        var time = new HurriedTime(50);
        return KubernetesApi.Connect(KubernetesConfig.Load(kubeconfig, null, time), time);
    }

    private static JsonNode Kubeconfig(JsonObject cluster, JsonObject user) => new JsonObject
    {
        ["current-context"] = "it",
        ["contexts"] = new JsonArray(new JsonObject { ["name"] = "it", ["context"] = new JsonObject { ["cluster"] = "it", ["user"] = "it" } }),
        ["clusters"] = new JsonArray(new JsonObject { ["name"] = "it", ["cluster"] = cluster }),
        ["users"] = new JsonArray(new JsonObject { ["name"] = "it", ["user"] = user }),
    };

    private string Write(JsonNode kubeconfig, Action<JsonNode>? changeCluster = null)
    {
        changeCluster?.Invoke(kubeconfig["clusters"]![0]!["cluster"]!);
        var file = Path.Combine(folder, "kubeconfig");
        File.WriteAllText(file, kubeconfig.ToJsonString());
        return file;
    }
}
