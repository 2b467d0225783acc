using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kollect.Tests.Support;

/// <summary>How a Kubernetes API server is to be started.</summary>
public sealed record KubernetesOptions
{
    /// <summary>A feature that a given cluster does not have, e.g. "an operator over all namespaces": the test skips there. Null = none.</summary>
    public string? Needs { get; init; }

    /// <summary>Load the repository's CRDs at start.</summary>
    public bool WithCrds { get; init; } = true;

    /// <summary>Decide over requests by the Roles that are stored in the server.</summary>
    public bool EnforceRbac { get; init; }

    /// <summary>Where a webhook finds a Service: <c>kollect-system/kollect-webhook</c> -> <c>https://127.0.0.1:9443</c>.</summary>
    public IReadOnlyDictionary<string, string> Services { get; init; } = new Dictionary<string, string>();

    /// <summary>Null = the test can run in a given cluster.</summary>
    internal string? WhatOnlyAStandInHas => Needs
        ?? (EnforceRbac ? "roles of its own for all users" : Services.Count > 0 ? "Services on this machine" : WithCrds ? null : "a cluster without CRDs");
}

/// <summary>A request that was meant to change something.</summary>
public sealed record KubernetesWrite(string User, string Verb, string Resource, string? Namespace, string? Name, int Code);

/// <summary>
/// The cluster of one test: a namespace in that of KOLLECT_TEST_KUBECONFIG, else an API server of its own (see tests/StandIns/kubernetes) with TLS, tokens,
/// and a kubeconfig of an administrator. What only the latter can do skips the test on the former.
/// </summary>
public sealed class KubernetesServer : IAsyncDisposable
{
    private const string AdminToken = "token-of-the-administrator";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly string folder;
    private readonly KubernetesStandIn? standIn;
    private readonly TestNamespace? given;

    private KubernetesServer(string folder, KubernetesStandIn standIn) => (this.folder, this.standIn) = (folder, standIn);

    private KubernetesServer(string folder, TestNamespace given) => (this.folder, this.given) = (folder, given);

    /// <summary>Namespace of objects that name none.</summary>
    public string Namespace => given?.Name ?? "default";

    public int Port => Started("a cluster of its own").Port;

    public string AuthorityPem => Started("a cluster of its own").AuthorityPem;

    public string Url => Started("a cluster of its own").Url;

    /// <summary>Of the administrator, who sees all namespaces.</summary>
    public string Kubeconfig => Started("a cluster of its own").At("kubeconfig");

    /// <summary>PEM files of an administrator named <c>client</c>, who needs no token.</summary>
    public (string Certificate, string Key) ClientCertificate =>
        (Started("certificates of users").At("client.pem"), Started("certificates of users").At("client.key"));

    /// <summary>
    /// A namespace of the given cluster, or a server on a free port. Skips where Node.js, a package or kubectl is missing, fails there under CI.
    /// </summary>
    public static async Task<KubernetesServer> StartAsync(KubernetesOptions? options = null)
    {
        options ??= new KubernetesOptions();
        if (options.WhatOnlyAStandInHas is { } what)
            GivenServer.Kubernetes.RequireNone(what);
        Kubectl.RequireInstalled();
        if (GivenServer.Kubernetes.Value is not null)
        {
            await TestNamespace.ReachAsync();
            var own = Directory.CreateTempSubdirectory("kollect-kubernetes-").FullName;
            return new KubernetesServer(own, new TestNamespace(own));
        }

        StandIns.RequireInstalled("yaml");
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
            var server = new KubernetesServer(folder, new KubernetesStandIn(process, folder, ready.GetProperty("port").GetInt32(), authority));
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

    /// <summary>The part of the cluster that an operator of the test may watch: a kubeconfig, and a namespace; "" = all namespaces.</summary>
    public async Task<(string Kubeconfig, string Namespace)> ScopeAsync() => given is null ? (Kubeconfig, "") : (await given.KubeconfigAsync, given.Name);

    /// <summary>Registers a token; the file is read by the server when it changes.</summary>
    public Task AddTokenAsync(string token, string user, params string[] groups) =>
        File.AppendAllTextAsync(Started("tokens of users").At("tokens.csv"), $"{token},{user},{string.Join('|', groups)}\n");

    /// <summary>Revokes a token.</summary>
    public async Task RevokeTokenAsync(string token)
    {
        var file = Started("tokens of users").At("tokens.csv");
        await File.WriteAllLinesAsync(file, (await File.ReadAllLinesAsync(file)).Where(line => !line.StartsWith(token + ",", StringComparison.Ordinal)));
    }

    /// <summary>The text of a kubeconfig for the user of a token.</summary>
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
    public async Task<KubectlResult> KubectlWithInputAsync(string input, params string[] arguments) =>
        await Kubectl.RunAsync(
            ["--kubeconfig", (await ScopeAsync()).Kubeconfig, "--cache-dir", Path.Combine(folder, "cache"), .. arguments],
            input,
            home: given is null ? folder : null); // the credentials of a given kubeconfig may be in the user's home

    /// <summary>One object as JSON, read by kubectl.</summary>
    public async Task<JsonNode> GetAsync(string kind, string name, string? @namespace = null) =>
        JsonNode.Parse((await KubectlAsync("get", kind, name, "-n", @namespace ?? Namespace, "-o", "json")).Required)!;

    /// <summary>
    /// Stores many objects unchanged, JSON of one line each: replaces objects of the same names, skips admission, and creates missing namespaces.
    /// The server sets the version, and uid, time and generation where they are absent; watches get the changes. Returns the number of objects.
    /// </summary>
    public async Task<int> LoadAsync(IEnumerable<string> objects) =>
        (int)(await Started("many objects at once, without admission").PostAsync("load", objects))["loaded"]!;

    /// <summary>
    /// Deletes many objects, in the form of <see cref="LoadAsync"/>; only kind, namespace and name are read. Throws where one does not exist.
    /// </summary>
    public async Task<int> RemoveAsync(IEnumerable<string> objects) =>
        (int)(await Started("many objects at once, without admission").PostAsync("remove", objects))["removed"]!;

    /// <summary>A fault: <c>{"match":{"method","verb","user","path"},"times":N,"answer":{"status":429,"retryAfter":1}|"hang":MS|"drop":true}</c>.</summary>
    public Task FailAsync(string fault) => Started("fault switches").PostAsync("faults", fault);

    public Task ClearFaultsAsync() => Started("fault switches").PostAsync("clear-faults");

    /// <summary>Ends all watches in the middle.</summary>
    public Task DropWatchesAsync() => Started("fault switches").PostAsync("drop-watches");

    /// <summary>All resource versions so far are too old from now on (410).</summary>
    public Task CompactAsync() => Started("fault switches").PostAsync("compact");

    /// <summary>Drops all connections and refuses new ones for a while, like a restart of the API server. Returns when the outage begins.</summary>
    public Task OutageAsync(TimeSpan time) =>
        Started("fault switches").PostAsync("outage", $$"""{"ms":{{((int)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}}}""");

    /// <summary>Forgets the requests so far.</summary>
    public Task ResetRequestsAsync() => Started("a log of requests").PostAsync("reset");

    /// <summary>Requests other than get, list and watch since the last reset.</summary>
    public async Task<IReadOnlyList<KubernetesWrite>> WritesAsync() =>
        (await Started("a log of requests").PostAsync("requests"))["writes"].Deserialize<List<KubernetesWrite>>(JsonSerializerOptions.Web)!;

    /// <summary><c>user verb resource</c> -> how often, since the last reset; and the RBAC rules that allowed them.</summary>
    public async Task<(IReadOnlyDictionary<string, int> Counts, IReadOnlyList<string> Rules)> RequestsAsync()
    {
        var answer = await Started("a log of requests").PostAsync("requests");
        return (
            answer["counts"]!.AsArray().ToDictionary(it => $"{it!["user"]} {it["verb"]} {it["resource"]}", it => (int)it!["count"]!),
            answer["rules"].Deserialize<List<string>>()!);
    }

    /// <summary>The open watches, as <c>user resource</c>; one that its client has closed is gone.</summary>
    public async Task<IReadOnlyList<string>> WatchesAsync() =>
        (await Started("a list of watches").PostAsync("watches"))["open"].Deserialize<List<string>>()!;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await (given?.DisposeAsync() ?? standIn!.DisposeAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The stand-in, for what only that can do; skips where a cluster is given.</summary>
    private KubernetesStandIn Started(string what) => GivenServer.Kubernetes.Require(standIn, what);
}
