using System.Globalization;
using Xunit;

namespace Kollect.Tests.Support;

/// <summary>Changes to single objects, by kubectl as the administrator; throws where kubectl fails.</summary>
public static class KubectlVerbs
{
    /// <summary>Applies a merge patch (RFC 7386).</summary>
    /// <param name="kind">Any name that kubectl accepts: <c>kinv</c>, <c>deployments.apps</c>.</param>
    /// <param name="namespace">Null = <see cref="KubernetesServer.Namespace"/>; ignored for cluster-scoped objects.</param>
    public static Task PatchAsync(this KubernetesServer server, string kind, string name, string patch, string? @namespace = null) =>
        DoAsync(server, @namespace, "patch", kind, name, "--type", "merge", "-p", patch);

    /// <summary><c>team=a</c> sets a label, <c>team-</c> removes it.</summary>
    public static Task LabelAsync(this KubernetesServer server, string kind, string name, string label, string? @namespace = null) =>
        DoAsync(server, @namespace, "label", kind, name, label, "--overwrite");

    /// <summary><c>team=a</c> sets an annotation, <c>team-</c> removes it.</summary>
    public static Task AnnotateAsync(this KubernetesServer server, string kind, string name, string annotation, string? @namespace = null) =>
        DoAsync(server, @namespace, "annotate", kind, name, annotation, "--overwrite");

    /// <summary>Returns when the object is marked for deletion; <see cref="WaitAsync"/> for <c>delete</c> waits until it is deleted.</summary>
    public static Task DeleteAsync(this KubernetesServer server, string kind, string name, string? @namespace = null) =>
        DoAsync(server, @namespace, "delete", kind, name, "--wait=false");

    /// <summary>
    /// Waits by <c>kubectl wait --for</c>: <c>condition=Ready</c>, <c>jsonpath={.status.itemCount}=3</c>, <c>delete</c>. A failure shows the object.
    /// </summary>
    public static async Task WaitAsync(this KubernetesServer server, string kind, string name, string @for, string? @namespace = null, int seconds = 20)
    {
        var timeout = string.Create(CultureInfo.InvariantCulture, $"--timeout={seconds}s");
        var waited = await server.KubectlAsync("wait", $"{kind}/{name}", $"--for={@for}", timeout, "-n", @namespace ?? server.Namespace);
        if (waited.ExitCode != 0)
            Assert.Fail(waited.Errors + (await server.KubectlAsync("get", kind, name, "-n", @namespace ?? server.Namespace, "-o", "yaml")).Output);
    }

    /// <summary>Reads one value of an object: <c>{.status.phase}</c>; empty = absent.</summary>
    public static async Task<string> JsonPathAsync(this KubernetesServer server, string kind, string name, string path, string? @namespace = null) =>
        (await server.KubectlAsync("get", kind, name, "-n", @namespace ?? server.Namespace, "-o", $"jsonpath={path}")).Required;

    private static async Task DoAsync(KubernetesServer server, string? @namespace, params string[] arguments) =>
        _ = (await server.KubectlAsync([.. arguments, "-n", @namespace ?? server.Namespace])).Required;
}
