using System.Globalization;

namespace Kollect.Core.Kubernetes;

/// <summary>Times in the resolution of the API server (metav1.Time): whole seconds.</summary>
public static class KubernetesTime
{
    /// <summary>Truncates the fraction of the second.</summary>
    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    /// <summary>For a message: <c>2026-11-23T08:00:00Z</c>.</summary>
    public static string Shown(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
