using Kollect.Shell.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Kollect.Host.Operator;

/// <summary>OTLP, only where OpenTelemetry's own environment variables ask for it; they also say where to, and how.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly MeterProvider? metrics;
    private readonly TracerProvider? traces;

    private Telemetry(MeterProvider? metrics, TracerProvider? traces) => (this.metrics, this.traces) = (metrics, traces);

    /// <summary>Sends until it is disposed; the last measurements go out then.</summary>
    public static Telemetry Start() => new(
        IsAsked("METRICS") ? Sdk.CreateMeterProviderBuilder().AddMeter(KollectMetrics.Name).AddOtlpExporter().Build() : null,
        IsAsked("TRACES") ? Sdk.CreateTracerProviderBuilder().AddSource(KollectMetrics.Name).AddOtlpExporter().Build() : null);

    public void Dispose()
    {
        metrics?.Dispose();
        traces?.Dispose();
    }

    private static bool IsAsked(string signal) =>
        IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
