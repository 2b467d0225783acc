namespace Kollect.Shell.Kubernetes.Config;

/// <summary>The service account of the pod that this runs in.</summary>
internal static class InCluster
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Null = this is no pod, or one without a service account token.</summary>
    public static KubernetesConfig? Load()
    {
        var (host, port) = (Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));
        if (host is null or "" || port is null or "" || !File.Exists(At("token")))
            return null;
        return new KubernetesConfig(new Uri($"https://{(host.Contains(':') ? $"[{host}]" : host)}:{port}/"), NamespaceOf())
        {
            Authorities = File.Exists(At("ca.crt")) ? KubernetesConfig.Certificates(File.ReadAllText(At("ca.crt")), At("ca.crt")) : null,
            Credential = new TokenFile(At("token"), TimeProvider.System),
        };
    }

    private static string NamespaceOf() => File.Exists(At("namespace")) && File.ReadAllText(At("namespace")).Trim() is { Length: > 0 } name ? name : "default";

    private static string At(string name) => Path.Combine(Folder, name);
}
