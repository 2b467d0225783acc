namespace Kollect.Core.Kubernetes;

/// <summary>Times in the resolution of the API server (metav1.Time): whole seconds.</summary>
internal static class KubernetesTime
{
    /// <summary>Truncates the fraction of the second.</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
