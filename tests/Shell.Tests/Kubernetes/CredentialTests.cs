using System.Net;
using System.Text.Json.Nodes;
using Kollect.Operator.Kubernetes;
using static Kollect.Shell.Tests.Kubernetes.Clients;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>The client's credentials: tokens that are renewed and refused, certificates and plugins.</summary>
public sealed class CredentialTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("kollect-credentials-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string TokenFile => Path.Combine(folder, "token");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_token_that_was_rotated_is_read_again_when_the_old_one_is_refused()
    {
        await using var server = await KubernetesServer.StartAsync();
        await server.AddTokenAsync("old-token", "pod", "system:masters");
        await File.WriteAllTextAsync(TokenFile, "old-token\n", Cancel);
        using var client = server.ClientOf(new JsonObject { ["tokenFile"] = TokenFile });
        Assert.Null(await client.GetAsync(ConfigMaps, Named("one"), Cancel));

        await server.AddTokenAsync("new-token", "pod", "system:masters");
        await File.WriteAllTextAsync(TokenFile, "new-token\n", Cancel);
        await server.RevokeTokenAsync("old-token");
        Assert.Null(await client.GetAsync(ConfigMaps, Named("one"), Cancel));

        await server.RevokeTokenAsync("new-token");
        var refusal = await Assert.ThrowsAsync<ApiException>(() => client.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal(ApiError.Unauthorized, refusal.Kind);
        Assert.DoesNotContain("new-token", refusal.ToString(), StringComparison.Ordinal);

        File.Delete(TokenFile);
        refusal = await Assert.ThrowsAsync<ApiException>(() => client.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal((ApiError.Unauthorized, $"the token file {TokenFile} cannot be read (FileNotFoundException)"), (refusal.Kind, refusal.Message));
    }

    [Fact]
    public async Task A_token_file_is_read_each_minute_and_while_it_is_empty_the_last_token_stays()
    {
        await using var server = new Answering(context => SayAsync(context, 404));
        await File.WriteAllTextAsync(TokenFile, "one", Cancel);
        using var client = Of(
            $$"""
            {current-context: it, contexts: [{name: it, context: {cluster: it, user: it} }], clusters: [{name: it, cluster: {server: "{{server.Url}}"} }],
             users: [{name: it, user: {tokenFile: "{{TokenFile}}"} }]}
            """);
        await client.GetAsync(ConfigMaps, Named("one"), Cancel);
        await File.WriteAllTextAsync(TokenFile, "two", Cancel);
        await client.GetAsync(ConfigMaps, Named("one"), Cancel);
        Assert.Equal(["Bearer one", "Bearer one"], server.Asked);

        var hurried = new Kollect.Operator.Kubernetes.Config.TokenFile(TokenFile, null, new HurriedTime(10_000_000));
        Assert.Equal("Bearer two", (await hurried.GetAsync(null, Cancel)).Header!.ToString());
        await File.WriteAllTextAsync(TokenFile, "", Cancel);
        Assert.Equal("Bearer two", (await hurried.GetAsync(null, Cancel)).Header!.ToString());
        await File.WriteAllTextAsync(TokenFile, "three", Cancel);
        Assert.Equal("Bearer three", (await hurried.GetAsync(null, Cancel)).Header!.ToString());
    }

    [Fact]
    public async Task A_client_certificate_needs_no_token()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var anonymous = server.ClientOf([]);
        Assert.Equal(ApiError.Unauthorized, (await Assert.ThrowsAsync<ApiException>(() => anonymous.CreateAsync("one"))).Kind);

        using var client = server.ClientOf(new JsonObject
        {
            ["client-certificate"] = server.ClientCertificate.Certificate,
            ["client-key"] = server.ClientCertificate.Key,
        });
        await client.CreateAsync("one");
        Assert.Equal("client", Assert.Single(await server.WritesAsync()).User);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public async Task A_plugin_is_run_once_and_again_when_its_token_has_expired_or_is_refused(string version)
    {
        await using var server = await KubernetesServer.StartAsync();
        foreach (var token in new[] { "token-1", "token-2", "token-3", "token-4" })
            await server.AddTokenAsync(token, "plugin", "system:masters");
        using var client = server.ClientOf(Plugin(
            version,
            """
            echo run >> "$FOLDER/runs"
            runs=$(wc -l < "$FOLDER/runs")
            expires=2100-01-01T00:00:00Z
            [ "$runs" = 1 ] && expires=2020-01-01T00:00:00Z
            case "$KUBERNETES_EXEC_INFO" in *"client.authentication.k8s.io/$1"*'"interactive":false'*) ;; *) exit 7;; esac
            status="{\"token\":\"token-$runs\",\"expirationTimestamp\":\"$expires\"}"
            echo "{\"apiVersion\":\"client.authentication.k8s.io/$1\",\"kind\":\"ExecCredential\",\"status\":$status}"
            """));
        await client.CreateAsync("one");
        Assert.Equal(1, Runs);
        await client.CreateAsync("two"); // the first had expired
        await client.CreateAsync("three");
        Assert.Equal(2, Runs);

        await server.RevokeTokenAsync("token-2");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.CreateAsync($"at-once-{i}")));
        Assert.Equal(3, Runs);
    }

    [Fact]
    public async Task A_plugin_may_print_a_certificate_and_another_one_later()
    {
        await using var server = await KubernetesServer.StartAsync();
        var (certificate, key) = server.ClientCertificate;
        await WriteAsync("good.json", certificate, key);
        TestCertificates.Write(folder); // of an authority that the server does not know
        await WriteAsync("bad.json", Path.Combine(folder, "client.pem"), Path.Combine(folder, "client.key"));
        using var client = server.ClientOf(Plugin("v1", """
            echo run >> "$FOLDER/runs"
            if [ "$(wc -l < "$FOLDER/runs")" = 1 ]; then cat "$FOLDER/bad.json"; else cat "$FOLDER/good.json"; fi
            """));
        await client.CreateAsync("one");
        Assert.Equal(2, Runs);
        Assert.Equal("client", Assert.Single(await server.WritesAsync()).User);

        async Task WriteAsync(string name, string certificateFile, string keyFile)
        {
            var status = new JsonObject
            {
                ["clientCertificateData"] = await File.ReadAllTextAsync(certificateFile, Cancel),
                ["clientKeyData"] = await File.ReadAllTextAsync(keyFile, Cancel),
            };
            await File.WriteAllTextAsync(Path.Combine(folder, name), new JsonObject { ["status"] = status }.ToJsonString(), Cancel);
        }
    }

    [Theory]
    [InlineData("echo hunter2 >&2; exit 3", "user test: the exec plugin sh ended with code 3; run it by hand to see why")]
    [InlineData("echo hunter2", "user test: the exec plugin printed no ExecCredential")]
    [InlineData("echo '{\"status\":{}}'", "user test: the exec plugin printed neither status.token nor status.clientCertificateData")]
    [InlineData("echo '{\"status\":{\"token\":\"hunter2\",\"token\":\"hunter3\"}}'", "user test: the exec plugin printed no ExecCredential")]
    [InlineData("echo '{\"status\":[\"hunter2\"]}'", "user test: the exec plugin printed no ExecCredential")]
    [InlineData("echo '{\"status\":{\"token\":\"hunter2 \\u0007\"}}'", "user test: the exec plugin printed a token with characters that no token has")]
    [InlineData(
        "echo '{\"status\":{\"clientCertificateData\":\"hunter2\"}}'",
        "user test: client-certificate and client-key are no pair of PEM certificate and key")]
    [InlineData("sleep 600 & exec sleep 600", "user test: the exec plugin sh did not answer within 20 s")]
    [InlineData("sleep 600 2>&1 & echo '{\"status\":{\"token\":\"hunter2\"}}'", "user test: the exec plugin sh did not answer within 20 s")]
    public async Task A_failing_plugin_is_reported_without_its_output(string script, string message)
    {
        await using var server = new Answering(context => SayAsync(context, 200));
        var user = Plugin("v1", script);
        using var client = Of(new JsonObject
        {
            ["current-context"] = "it",
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = "it", ["context"] = new JsonObject { ["cluster"] = "it", ["user"] = "test" } }),
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "it", ["cluster"] = new JsonObject { ["server"] = server.Url } }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = "test", ["user"] = user }),
        }.ToJsonString(), new HurriedTime(10));
        var failure = await Assert.ThrowsAsync<ApiException>(() => client.GetAsync(ConfigMaps, Named("one"), Cancel));
        Assert.Equal(ApiError.Unauthorized, failure.Kind);
        Assert.EndsWith(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task A_missing_plugin_is_reported()
    {
        await using var server = await KubernetesServer.StartAsync();
        using var client = server.ClientOf(new JsonObject
        {
            ["exec"] = new JsonObject { ["apiVersion"] = "client.authentication.k8s.io/v1", ["command"] = "no-such-plugin" },
        });
        var failure = await Assert.ThrowsAsync<ApiException>(() => client.CreateAsync("one"));
        Assert.EndsWith("user test: the exec plugin no-such-plugin cannot be started: is it installed?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_untrusted_server_gets_no_credential()
    {
        await using var server = await KubernetesServer.StartAsync();
        var kubeconfig = JsonNode.Parse(await File.ReadAllTextAsync(server.Kubeconfig, Cancel))!;
        var cluster = kubeconfig["clusters"]![0]!["cluster"]!.AsObject();

        cluster["tls-server-name"] = "another.name";
        await AssertRefusedAsync();
        cluster.Remove("tls-server-name");
        cluster["certificate-authority-data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(TestCertificates.Write(folder)));
        await AssertRefusedAsync();
        cluster.Remove("certificate-authority-data");
        await AssertRefusedAsync();

        cluster["insecure-skip-tls-verify"] = true;
        using var careless = Of(kubeconfig.ToJsonString());
        await careless.CreateAsync("one");

        async Task AssertRefusedAsync()
        {
            using var client = Of(kubeconfig.ToJsonString(), new HurriedTime(50));
            var failure = await Assert.ThrowsAsync<ApiException>(() => client.CreateAsync("one"));
            Assert.Equal("the API server cannot be reached: TLS: its certificate is not trusted, or is for another name", failure.Message);
        }
    }

    private int Runs => File.ReadLines(Path.Combine(folder, "runs")).Count();

    /// <summary>A user whose exec plugin is a shell script.</summary>
    private JsonObject Plugin(string version, string script)
    {
        var file = Path.Combine(folder, "plugin");
        File.WriteAllText(file, script);
        return new JsonObject
        {
            ["exec"] = new JsonObject
            {
                ["apiVersion"] = "client.authentication.k8s.io/" + version,
                ["command"] = "sh",
                ["args"] = new JsonArray(file, version),
                ["env"] = new JsonArray(new JsonObject { ["name"] = "FOLDER", ["value"] = folder }),
                ["interactiveMode"] = "Never",
            },
        };
    }

    private static async Task SayAsync(HttpListenerContext context, int status)
    {
        context.Response.StatusCode = status;
        await context.Response.OutputStream.WriteAsync("{}"u8.ToArray(), Cancel);
    }
}
