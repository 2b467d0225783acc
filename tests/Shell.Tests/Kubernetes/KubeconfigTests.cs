using System.Text;
using Kollect.Operator.Kubernetes.Config;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Kubeconfig files, and the messages for invalid ones.</summary>
public sealed class KubeconfigTests : IDisposable
{
    private const string Certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

    private readonly string folder = Directory.CreateTempSubdirectory("kollect-kubeconfig-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_mistake_is_reported_in_one_line_that_names_the_file_and_no_credential()
    {
        (string What, string User, string Cluster, string Replaced)[] mistakes =
        [
            ("no such context", "", "server: https://a", "current-context: other"),
            ("no current context", "", "server: https://a", "current-context: \"\""),
            ("no such cluster", "", "server: https://a", "contexts: [{name: it, context: {cluster: other, user: me}}]"),
            ("no such user", "", "server: https://a", "contexts: [{name: it, context: {cluster: there, user: other}}]"),
            ("no cluster named", "", "server: https://a", "contexts: [{name: it, context: {user: me}}]"),
            ("no server", "", "", ""),
            ("no address", "", "server: 'ldap://a'", ""),
            ("no proxy", "", "server: https://a, proxy-url: nonsense", ""),
            ("authority not base64", "", "server: https://a, certificate-authority-data: '%%hunter2'", ""),
            ("authority not PEM", "", "server: https://a, certificate-authority-data: aHVudGVyMg==", ""),
            ("authority file missing", "", "server: https://a, certificate-authority: ca.pem", ""),
            ("certificate without key", $"client-certificate-data: {Base64(Certificate)}", "server: https://a", ""),
            ("no pair", $"client-certificate-data: {Base64(Certificate)}, client-key-data: {Base64("hunter2")}", "server: https://a", ""),
            ("token with a line break", "token: \"hunter2\\nhunter3\"", "server: https://a", ""),
            ("impersonation", "token: hunter2, as: admin", "server: https://a", ""),
            ("auth provider", "auth-provider: {name: gcp, config: {access-token: hunter2}}", "server: https://a", ""),
            ("exec without command", "exec: {apiVersion: client.authentication.k8s.io/v1}", "server: https://a", ""),
            ("exec of an old version", "exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: it}", "server: https://a", ""),
            (
                "exec that wants a terminal",
                "exec: {apiVersion: client.authentication.k8s.io/v1, command: it, interactiveMode: Always}",
                "server: https://a",
                ""),
        ];
        var messages = new StringBuilder();
        foreach (var (what, user, cluster, rest) in mistakes)
            messages.Append(what).Append('\n').Append("  ").Append(Problem(Write("config", Text(user, cluster, rest)))).Append('\n');
        messages.Append("not YAML\n  ").Append(Problem(Write("config", "users:\n- token: hunter2\n - b"))).Append('\n');
        messages.Append("no mapping\n  ").Append(Problem(Write("config", "[hunter2]"))).Append('\n');
        messages.Append("empty\n  ").Append(Problem(Write("config", ""))).Append('\n');
        messages.Append("missing\n  ").Append(Problem(Path.Combine(folder, "nowhere"))).Append('\n');
        messages.Append("a folder\n  ").Append(Problem(folder)).Append('\n');

        var text = messages.ToString().Replace(folder, "~/.kube", StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", text, StringComparison.Ordinal);
        Assert.Equal(2 * (mistakes.Length + 5), text.Count(c => c == '\n'));
        Golden.Verify(text, "kubernetes/kubeconfig-mistakes.txt");
    }

    [Fact]
    public void Of_several_files_the_first_entry_of_a_name_wins()
    {
        var one = Write("one", "current-context: it\nusers: [{name: me, user: {token: first}}]");
        var two = Write("sub/two", """
            current-context: other
            contexts: [{name: it, context: {cluster: there, user: me, namespace: shop}}, {name: other, context: {cluster: there}}]
            users: [{name: me, user: {token: second}}]
            clusters: [{name: there, cluster: {server: "https://a:6443/prefix", tls-server-name: api}}]
            """);
        var config = Kubeconfig.Load([one, Path.Combine(folder, "missing"), two], null, TimeProvider.System);
        Assert.Equal(("https://a:6443/prefix/", "shop", "api"), (config.Server.ToString(), config.Namespace, config.TlsServerName));
        Assert.Equal("Bearer first", TokenOf(config));
        Assert.Null(TokenOf(Kubeconfig.Load([one, two], "other", TimeProvider.System)));
        Assert.Equal("default", Kubeconfig.Load([one, two], "other", TimeProvider.System).Namespace);
    }

    [Fact]
    public void A_relative_path_is_resolved_from_the_folder_of_its_kubeconfig()
    {
        Write("sub/token", " of-a-file\n");
        var config = KubernetesConfig.Load(Write("sub/config", Text("tokenFile: token, token: of-the-config", "server: https://a")), null);
        Assert.Equal("Bearer of-a-file", TokenOf(config));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("token: ~", null)]
    [InlineData("token: null", null)]
    [InlineData("token: \"\"", null)]
    [InlineData("token: \" abc \\n\"", "Bearer abc")]
    [InlineData("username: me, password: 'a:b'", "Basic bWU6YTpi")]
    [InlineData("username: me", "Basic bWU6")]
    [InlineData("token: abc, username: me", "Bearer abc")]
    public void A_user_entry_becomes_an_Authorization_header(string user, string? header) =>
        Assert.Equal(header, TokenOf(KubernetesConfig.Load(Write("config", Text(user, "server: https://a")), null)));

    [Fact]
    public void A_proxy_gets_the_user_of_its_address()
    {
        var config = KubernetesConfig.Load(Write("config", Text("", "server: https://a, proxy-url: 'socks5://me:a%3Ab@127.0.0.1:1080'")), null);
        using var handler = new SocketsHttpHandler();
        config.Configure(handler, null);
        Assert.Equal("socks5://me:a%3Ab@127.0.0.1:1080/", handler.Proxy!.GetProxy(config.Server)!.ToString());
        var credential = handler.Proxy.Credentials!.GetCredential(config.Proxy!, "Basic")!;
        Assert.Equal(("me", "a:b"), (credential.UserName, credential.Password));
    }

    [Fact]
    public void In_a_pod_the_service_account_is_used()
    {
        Write("token", "of-the-pod");
        Assert.Null(InCluster.Load(null, null, folder, TimeProvider.System));
        Assert.Null(InCluster.Load("10.0.0.1", "443", folder + "/nowhere", TimeProvider.System));
        var config = InCluster.Load("fd00::1", "443", folder, TimeProvider.System)!;
        Assert.Equal(("https://[fd00::1]/", "default", "Bearer of-the-pod"), (config.Server.ToString(), config.Namespace, TokenOf(config)));
        Assert.Null(config.Authorities);

        Write("namespace", "kollect-system\n");
        TestCertificates.Write(folder);
        File.Move(Path.Combine(folder, "ca.pem"), Path.Combine(folder, "ca.crt"));
        config = InCluster.Load("10.0.0.1", "443", folder, TimeProvider.System)!;
        Assert.Equal(("https://10.0.0.1/", "kollect-system", 1), (config.Server.ToString(), config.Namespace, config.Authorities!.Count));
        Assert.Throws<KubernetesConfigException>(() => InCluster.Load("10.0.0.1", "port", folder, TimeProvider.System));
    }

    private static string? TokenOf(KubernetesConfig config) =>
        config.Credential.GetAsync(null, Cancel).AsTask().GetAwaiter().GetResult().Header?.ToString();

    private static string Problem(string file) => Assert.Throws<KubernetesConfigException>(() => KubernetesConfig.Load(file, null)).Message;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>A kubeconfig with one user and one cluster; a line of <paramref name="rest"/> replaces the line of the same field.</summary>
    private static string Text(string user, string cluster, string rest = "") => string.Join(
        '\n',
        new[]
        {
            "current-context: it",
            "contexts: [{name: it, context: {cluster: there, user: me}}]",
            $"clusters: [{{name: there, cluster: {{{cluster}}}}}]",
            $"users: [{{name: me, user: {{{user}}}}}]",
            rest,
        }.Where(line => line == rest || rest.Length == 0 || line.Split(':')[0] != rest.Split(':')[0]));

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
