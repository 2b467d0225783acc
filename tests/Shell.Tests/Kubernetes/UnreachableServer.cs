namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>An API server that refuses every connection: nothing listens on port 1.</summary>
internal static class UnreachableServer
{
    /// <summary>A kubeconfig whose current context leads there.</summary>
    public const string Kubeconfig =
        """
        apiVersion: v1
        kind: Config
        current-context: nobody
        contexts: [{name: nobody, context: {cluster: nobody, user: nobody}}]
        clusters: [{name: nobody, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: nobody, user: {token: none}}]
        """;
}
