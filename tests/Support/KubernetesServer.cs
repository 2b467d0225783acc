using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>How a Kubernetes API server is to be started.</summary>
public sealed record KubernetesOptions
{
    /// <summary>Load the repository's CRDs at start.</summary>
    public bool WithCrds { get; init; } = true;

    /// <summary>Decide over requests by the Roles that are stored in the server.</summary>
    public bool EnforceRbac { get; init; }

    /// <summary>Where a webhook finds a Service: <c>kollect-system/kollect-webhook</c> -> <c>https://127.0.0.1:9443</c>.</summary>
    public IReadOnlyDictionary<string, string> Services { get; init; } = new Dictionary<string, string>();
}

/// <summary>A request that was meant to change something.</summary>
public sealed record KubernetesWrite(string User, string Verb, string Resource, string? Namespace, string? Name, int Code);

/// <summary>An API server of its own for one test (see tests/StandIns/kubernetes): TLS, tokens, and a kubeconfig of an administrator.</summary>
public sealed class KubernetesServer : IAsyncDisposable
{
    private const string AdminToken = "token-of-the-administrator";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly string folder;
    private readonly HttpClient sideDoor;

    private KubernetesServer(Process process, string folder, int port, string authority)
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

    /// <summary>Of the administrator.</summary>
    public string Kubeconfig => Path.Combine(folder, "kubeconfig");

    /// <summary>PEM files of an administrator named <c>client</c>, who needs no token.</summary>
    public (string Certificate, string Key) ClientCertificate => (Path.Combine(folder, "client.pem"), Path.Combine(folder, "client.key"));

    private string TokenFile => Path.Combine(folder, "tokens.csv");

    /// <summary>A server on a free port. Skips where Node.js, its packages or kubectl are missing, fails there under CI.</summary>
    public static async Task<KubernetesServer> StartAsync(KubernetesOptions? options = null)
    {
        options ??= new KubernetesOptions();
        StandIns.RequireInstalled("yaml");
        Kubectl.RequireInstalled();
        var folder = Directory.CreateTempSubdirectory("kollect-kubernetes-").FullName;
        var authority = TestCertificates.Write(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "tokens.csv"), $"{AdminToken},admin,system:masters\n");
        List<string> arguments =
        [
            "--port", "0", "--with-parent", "--tokens", Path.Combine(folder, "tokens.csv"),
            "--tls-cert", Path.Combine(folder, "server.pem"), "--tls-key", Path.Combine(folder, "server.key"),
            "--client-ca", Path.Combine(folder, "ca.pem"),
        ];
        if (options.WithCrds)
            arguments.AddRange(["--crds", Repository.At("crds")]);
        if (options.EnforceRbac)
            arguments.Add("--enforce-rbac");
        foreach (var (name, url) in options.Services)
            arguments.AddRange(["--service", $"{name}={url}"]);
        var process = StandIns.Start("kubernetes/server.js", arguments);
        try
        {
            var ready = await StandIns.ReadyLineAsync(process, Timeout);
            var server = new KubernetesServer(process, folder, ready.GetProperty("port").GetInt32(), authority);
            await File.WriteAllTextAsync(server.Kubeconfig, server.KubeconfigOf(AdminToken));
            return server;
        }
        catch
        {
            await StandIns.StopAsync(process);
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Registers a token; the file is read by the server when it changes.</summary>
    public Task AddTokenAsync(string token, string user, params string[] groups) =>
        File.AppendAllTextAsync(TokenFile, $"{token},{user},{string.Join('|', groups)}\n");

    /// <summary>From now on a token is nobody's.</summary>
    public async Task RevokeTokenAsync(string token) => await File.WriteAllLinesAsync(
        TokenFile, (await File.ReadAllLinesAsync(TokenFile)).Where(line => !line.StartsWith(token + ",", StringComparison.Ordinal)));

    /// <summary>The text of a kubeconfig for whoever has the token.</summary>
    public string KubeconfigOf(string token) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Config",
        ["current-context"] = "test",
        ["contexts"] = new JsonArray(new JsonObject
        {
            ["name"] = "test",
            ["context"] = new JsonObject { ["cluster"] = "test", ["user"] = "test", ["namespace"] = "default" },
        }),
        ["clusters"] = new JsonArray(new JsonObject
        {
            ["name"] = "test",
            ["cluster"] = new JsonObject { ["server"] = Url, ["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(AuthorityPem)) },
        }),
        ["users"] = new JsonArray(new JsonObject { ["name"] = "test", ["user"] = new JsonObject { ["token"] = token } }),
    }.ToJsonString();

    /// <summary>Runs kubectl as the administrator.</summary>
    public Task<KubectlResult> KubectlAsync(params string[] arguments) => KubectlWithInputAsync("", arguments);

    /// <summary>Runs <c>kubectl apply -f -</c>; an error where it failed.</summary>
    public async Task<string> ApplyAsync(string manifests) => (await KubectlWithInputAsync(manifests, "apply", "-f", "-")).Required;

    /// <summary>The same with a standard input.</summary>
    public Task<KubectlResult> KubectlWithInputAsync(string input, params string[] arguments) =>
        Kubectl.RunAsync(["--kubeconfig", Kubeconfig, "--cache-dir", Path.Combine(folder, "cache"), .. arguments], input, home: folder);

    /// <summary>One object as JSON, read by kubectl.</summary>
    public async Task<JsonNode> GetAsync(string kind, string name, string @namespace = "default") =>
        JsonNode.Parse((await KubectlAsync("get", kind, name, "-n", @namespace, "-o", "json")).Required)!;

    /// <summary>
    /// Stores many objects unchanged, JSON of one line each: replaces objects of the same names, skips admission, and creates missing namespaces.
    /// The server sets the version, and uid, time and generation where they are not given; watches are told. How many they were.
    /// </summary>
    public async Task<int> LoadAsync(IEnumerable<string> objects) => (int)(await PostAsync("load", new LinesContent(objects)))["loaded"]!;

    /// <summary>
    /// Deletes many objects, in the form of <see cref="LoadAsync"/>; only kind, namespace and name are read. Throws where one does not exist.
    /// </summary>
    public async Task<int> RemoveAsync(IEnumerable<string> objects) => (int)(await PostAsync("remove", new LinesContent(objects)))["removed"]!;

    /// <summary>A fault: <c>{"match":{"method","verb","user","path"},"times":N,"answer":{"status":429,"retryAfter":1}|"hang":MS|"drop":true}</c>.</summary>
    public Task FailAsync(string fault) => PostAsync("faults", fault);

    public Task ClearFaultsAsync() => PostAsync("clear-faults");

    /// <summary>Ends all watches in the middle.</summary>
    public Task DropWatchesAsync() => PostAsync("drop-watches");

    /// <summary>All resource versions so far are too old from now on (410).</summary>
    public Task CompactAsync() => PostAsync("compact");

    /// <summary>Drops all connections and listens to nobody for a while: a restart of the API server. Comes back at its beginning.</summary>
    public Task OutageAsync(TimeSpan time) => PostAsync("outage", $$"""{"ms":{{((int)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}}}""");

    /// <summary>Forgets the requests so far.</summary>
    public Task ResetRequestsAsync() => PostAsync("reset");

    /// <summary>Requests other than get, list and watch since the last reset.</summary>
    public async Task<IReadOnlyList<KubernetesWrite>> WritesAsync() =>
        (await PostAsync("requests"))["writes"].Deserialize<List<KubernetesWrite>>(JsonSerializerOptions.Web)!;

    /// <summary><c>user verb resource</c> -> how often, since the last reset; and the RBAC rules that allowed them.</summary>
    public async Task<(IReadOnlyDictionary<string, int> Counts, IReadOnlyList<string> Rules)> RequestsAsync()
    {
        var answer = await PostAsync("requests");
        return (
            answer["counts"]!.AsArray().ToDictionary(it => $"{it!["user"]} {it["verb"]} {it["resource"]}", it => (int)it!["count"]!),
            answer["rules"].Deserialize<List<string>>()!);
    }

    public async ValueTask DisposeAsync()
    {
        sideDoor.Dispose();
        await StandIns.StopAsync(process);
        Directory.Delete(folder, recursive: true);
    }

    private Task<JsonNode> PostAsync(string what, string body = "{}") => PostAsync(what, new StringContent(body, Encoding.UTF8, "application/json"));

    private async Task<JsonNode> PostAsync(string what, HttpContent content)
    {
        using (content)
        using (var response = await sideDoor.PostAsync(new Uri(what, UriKind.Relative), content, TestContext.Current.CancellationToken))
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!
                : throw new InvalidOperationException($"{what}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>Written as it is enumerated, so that nobody holds it all.</summary>
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
