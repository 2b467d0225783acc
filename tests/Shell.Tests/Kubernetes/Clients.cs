using System.Text;
using System.Text.Json.Nodes;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Config;
using Kollect.Operator.Kubernetes.Transport;

namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Clients connected to stand-in servers.</summary>
internal static class Clients
{
    public static readonly Resource ConfigMaps = new("", "v1", "configmaps", Namespaced: true);

    /// <summary>A client of the administrator, or of the user with the token.</summary>
    public static KubernetesApi Client(this KubernetesServer server, string? token = null, TimeProvider? time = null) =>
        Of(token is null ? File.ReadAllText(server.Kubeconfig) : server.KubeconfigOf(token), time);

    /// <summary>A client with the server's kubeconfig, whose user entry is replaced.</summary>
    public static KubernetesApi ClientOf(this KubernetesServer server, JsonObject user, TimeProvider? time = null)
    {
        var kubeconfig = JsonNode.Parse(File.ReadAllText(server.Kubeconfig))!;
        kubeconfig["users"]![0]!["user"] = user;
        return Of(kubeconfig.ToJsonString(), time);
    }

    /// <summary>An anonymous client without TLS.</summary>
    public static KubernetesApi ClientOf(string url, TimeProvider? time = null) => Of(
        $$"""
        {current-context: it, contexts: [{name: it, context: {cluster: it} }], clusters: [{name: it, cluster: {server: "{{url}}"} }]}
        """,
        time);

    public static KubernetesApi Of(string kubeconfig, TimeProvider? time = null)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, kubeconfig);
            time ??= TimeProvider.System;
            return KubernetesApi.Connect(KubernetesConfig.Load(file, null, time), time);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static ObjectName Named(string name) => new("default", name);

    public static byte[] ConfigMap(string name, string value = "", string version = "") => Encoding.UTF8.GetBytes(
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"{{{VersionField(version)}}}},"data":{"it":"{{{value}}}"}}""");

    private static string VersionField(string version) => version.Length == 0 ? "" : $",\"resourceVersion\":\"{version}\"";

    public static Task CreateAsync(this IKubernetesApi client, string name, string value = "") =>
        client.CreateAsync(ConfigMaps, "default", ConfigMap(name, value), TestContext.Current.CancellationToken);

    /// <summary>A field of an object from the API server, by its path: <c>metadata.name</c>; null = the field is absent.</summary>
    public static string? Field(byte[]? json, string path) =>
        path.Split('.').Aggregate(json is null ? null : JsonNode.Parse(json), (node, name) => node?[name])?.ToString();
}
