namespace Kollect.Core.Kubernetes;

/// <summary>Times as the API server keeps them (metav1.Time).</summary>
public static class KubernetesTime
{
    /// <summary>Without the fraction of its second.</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
