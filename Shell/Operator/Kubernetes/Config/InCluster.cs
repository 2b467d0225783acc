namespace Kollect.Operator.Kubernetes.Config;

/// <summary>The service account of the pod that runs this process.</summary>
internal static class InCluster
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Null = the process does not run in a pod, or the pod has no service account token.</summary>
    /// <exception cref="KubernetesConfigException">The address or the CA certificate cannot be used.</exception>
    public static KubernetesConfig? Load(TimeProvider time) =>
        Load(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"), Folder, time);

    /// <summary>The namespace of the pod; <c>default</c> where the process does not run in a pod.</summary>
    public static string Namespace() => NamespaceIn(Folder);

    internal static KubernetesConfig? Load(string? host, string? port, string folder, TimeProvider time)
    {
        var (token, authority) = (Path.Combine(folder, "token"), Path.Combine(folder, "ca.crt"));
        if (host is null or "" || port is null or "" || !File.Exists(token))
            return null;
        if (!Uri.TryCreate($"https://{(host.Contains(':') ? $"[{host}]" : host)}:{port}/", UriKind.Absolute, out var server))
            throw new KubernetesConfigException($"KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are no address: {host}, {port}");
        return new KubernetesConfig(server, NamespaceIn(folder))
        {
            Authorities = File.Exists(authority) ? KubernetesConfig.Certificates(File.ReadAllText(authority), authority) : null,
            Credential = new TokenFile(token, null, time),
        };
    }

    private static string NamespaceIn(string folder) =>
        Path.Combine(folder, "namespace") is var file && File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } name ? name : "default";
}
