using System.Text.Json.Nodes;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>
/// A namespace of one test in the cluster of KOLLECT_TEST_KUBECONFIG, created at its first use, and a kubeconfig whose context has it. The tests change
/// nothing else in the cluster but the CRDs, which are applied once and stay.
/// </summary>
internal sealed class TestNamespace : IAsyncDisposable
{
    private static readonly Lazy<Task<JsonNode>> Given = new(() => GivenServer.Kubernetes.AnswerAsync(ConnectAsync));
    private readonly string folder;
    private readonly Lazy<Task<string>> kubeconfig;

    public TestNamespace(string folder)
    {
        this.folder = folder;
        kubeconfig = new Lazy<Task<string>>(CreateAsync);
    }

    public string Name { get; } = GivenServer.UniqueName().Replace('_', '-');

    /// <summary>Path of the kubeconfig.</summary>
    public Task<string> KubeconfigAsync => kubeconfig.Value;

    /// <summary>Fails where the cluster does not answer.</summary>
    public static Task ReachAsync() => Given.Value;

    public async ValueTask DisposeAsync()
    {
        if (!kubeconfig.IsValueCreated)
            return;
        // The finalizers of inventories and sinks wait for an operator, which no longer runs.
        var held = await RunAsync("get", "kollectinventories,kollectdatabasesinks", "-o", "name");
        foreach (var it in held.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await RunAsync("patch", it, "--type", "merge", "-p", """{"metadata":{"finalizers":null}}""");
        await RunAsync("delete", "namespace", Name, "--timeout=60s");
    }

    /// <summary>The kubeconfig's current context, on its own, with the credentials in it; the cluster has the CRDs.</summary>
    private static async Task<JsonNode> ConnectAsync(string kubeconfig)
    {
        if (!File.Exists(kubeconfig))
            throw new FileNotFoundException($"there is no file {kubeconfig}");
        string[] access = ["--kubeconfig", Path.GetFullPath(kubeconfig)];
        var context = JsonNode.Parse((await Kubectl.RunAsync([.. access, "config", "view", "--minify", "--flatten", "--raw", "-o", "json"])).Required)!;
        _ = (await Kubectl.RunAsync([.. access, "version", "--request-timeout=10s"])).Required;
        // File by file: the folder also holds samples, and some commands descend into it.
        string[] crds = [.. Directory.EnumerateFiles(Repository.At("crds"), "*.yaml").SelectMany(file => new[] { "-f", file })];
        _ = (await Kubectl.RunAsync([.. access, "apply", .. crds])).Required;
        _ = (await Kubectl.RunAsync([.. access, "wait", "--for=condition=Established", "--timeout=30s", .. crds])).Required;
        return context;
    }

    private async Task<string> CreateAsync()
    {
        var config = (await Given.Value).DeepClone();
        config["contexts"]![0]!["context"]!["namespace"] = Name;
        var path = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(path, config.ToJsonString(), TestContext.Current.CancellationToken);
        // A cluster creates this ConfigMap in every namespace; it is created here first, so that it does not count among the test's.
        var made = await Kubectl.RunAsync(
            ["--kubeconfig", path, "apply", "--server-side", "--force-conflicts", "-f", "-"],
            $$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{Name}} }
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: kube-root-ca.crt, labels: {kollect.dev/watch: "false"} }
            """);
        _ = made.Required;
        return path;
    }

    private async Task<string> RunAsync(params string[] arguments) =>
        (await Kubectl.RunAsync(["--kubeconfig", await KubeconfigAsync, .. arguments])).Required;
}
