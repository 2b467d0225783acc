using Kollect.Operator.Telemetry;
using OpenTelemetry;

namespace Kollect.Host.Operator;

/// <summary>Export by OTLP, enabled and configured by OpenTelemetry's environment variables.</summary>
internal static class Telemetry
{
    /// <summary>Exports until disposed, and flushes then. Null = no variable enables it.</summary>
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
            builder.UseOtlpExporter(); // AddOtlpExporter ignores the variables of single signals
        });
    }

    private static bool IsAsked(string signal) =>
        IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
