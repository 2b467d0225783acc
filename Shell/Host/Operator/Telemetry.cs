using Kollect.Shell.Telemetry;
using OpenTelemetry;

namespace Kollect.Host.Operator;

/// <summary>OTLP, only where OpenTelemetry's own environment variables ask for it; they also say where to, and how.</summary>
internal static class Telemetry
{
    /// <summary>Sends until it is disposed; the last measurements go out then. Null = nobody asks.</summary>
    public static IDisposable? Start()
    {
        var (metrics, traces) = (IsAsked("METRICS"), IsAsked("TRACES"));
        if (!metrics && !traces)
            return null;
        return OpenTelemetrySdk.Create(builder =>
        {
            if (metrics)
                builder.WithMetrics(it => it.AddMeter(KollectMetrics.Name));
            if (traces)
                builder.WithTracing(it => it.AddSource(KollectMetrics.Name));
            builder.UseOtlpExporter(); // and not AddOtlpExporter, which does not know the variables of single signals
        });
    }

    private static bool IsAsked(string signal) =>
        IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
