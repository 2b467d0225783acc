namespace Kollect.Host.Install;

/// <summary>What differs between two installations.</summary>
/// <param name="Namespace">Of the operator, and of everything that is not cluster-scoped.</param>
/// <param name="Replicas">1 or more.</param>
/// <param name="Shards">1 = one replica does all the work.</param>
/// <param name="Image">Null = that of the kustomize base.</param>
/// <param name="Monitoring">With the objects of the Prometheus operator, and a dashboard for Grafana.</param>
internal sealed record InstallOptions(string Namespace, int Replicas, int Shards, WebhookMode Webhook, string? Image, bool Monitoring)
{
    /// <summary>The kustomize base as it is.</summary>
    public static InstallOptions Default { get; } = new("kollect-system", 2, 1, WebhookMode.CertManager, null, Monitoring: false);
}

/// <summary>Whether the API server asks the operator about new objects, and who issues the certificate.</summary>
internal enum WebhookMode
{
    /// <summary>cert-manager issues and renews it.</summary>
    CertManager,

    /// <summary>The operator issues and renews it.</summary>
    SelfSigned,

    /// <summary>No webhook: what is invalid is reported by the object's status alone.</summary>
    None,
}
