using System.Globalization;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>What a user does to single objects, by kubectl as the administrator; an error where kubectl fails.</summary>
public static class KubectlVerbs
{
    /// <param name="server">Whose object it is.</param>
    /// <param name="kind">Any name that kubectl knows: <c>kinv</c>, <c>deployments.apps</c>.</param>
    /// <param name="name">The object.</param>
    /// <param name="patch">A merge patch (RFC 7386).</param>
    /// <param name="namespace">Null = <see cref="KubernetesServer.Namespace"/>; of no effect on objects of the cluster.</param>
    public static Task PatchAsync(this KubernetesServer server, string kind, string name, string patch, string? @namespace = null) =>
        DoAsync(server, @namespace, "patch", kind, name, "--type", "merge", "-p", patch);

    /// <summary><c>team=a</c> sets a label, <c>team-</c> takes it off.</summary>
    public static Task LabelAsync(this KubernetesServer server, string kind, string name, string label, string? @namespace = null) =>
        DoAsync(server, @namespace, "label", kind, name, label, "--overwrite");

    /// <summary>The same for annotations.</summary>
    public static Task AnnotateAsync(this KubernetesServer server, string kind, string name, string annotation, string? @namespace = null) =>
        DoAsync(server, @namespace, "annotate", kind, name, annotation, "--overwrite");

    /// <summary>Returns when it is marked; <see cref="WaitAsync"/> for <c>delete</c> waits for its end.</summary>
    public static Task DeleteAsync(this KubernetesServer server, string kind, string name, string? @namespace = null) =>
        DoAsync(server, @namespace, "delete", kind, name, "--wait=false");

    /// <summary>Waits as <c>kubectl wait --for</c> does: <c>condition=Ready</c>, <c>jsonpath={.status.itemCount}=3</c>, <c>delete</c>. A failure shows the object.</summary>
    public static async Task WaitAsync(this KubernetesServer server, string kind, string name, string @for, string? @namespace = null, int seconds = 20)
    {
        var waited = await server.KubectlAsync("wait", $"{kind}/{name}", $"--for={@for}", $"--timeout={seconds.ToString(CultureInfo.InvariantCulture)}s", "-n", @namespace ?? server.Namespace);
        if (waited.ExitCode != 0)
            Assert.Fail(waited.Errors + (await server.KubectlAsync("get", kind, name, "-n", @namespace ?? server.Namespace, "-o", "yaml")).Output);
    }

    /// <summary>One value of an object: <c>{.status.phase}</c>; empty where it has none.</summary>
    public static async Task<string> JsonPathAsync(this KubernetesServer server, string kind, string name, string path, string? @namespace = null) =>
        (await server.KubectlAsync("get", kind, name, "-n", @namespace ?? server.Namespace, "-o", $"jsonpath={path}")).Required;

    private static async Task DoAsync(KubernetesServer server, string? @namespace, params string[] arguments) =>
        _ = (await server.KubectlAsync([.. arguments, "-n", @namespace ?? server.Namespace])).Required;
}
