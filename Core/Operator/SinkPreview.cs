using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator;

/// <summary><c>status.preview</c>: the statements of provisioning and the next export, rendered from the spec alone.</summary>
internal static class SinkPreview
{
    /// <summary>The preview; <paramref name="old"/> itself where nothing has changed but the time.</summary>
    /// <param name="warnings">Of its validation.</param>
    /// <param name="old">Null = there is no preview yet.</param>
    public static KollectDatabaseSinkStatusPreview Of(Sink sink, Seq<Problem> warnings, KollectDatabaseSinkStatusPreview? old, DateTimeOffset now)
    {
        var preview = sink.Preview(Naming.Unrendered(sink)) with
        {
            RenderedAt = old?.RenderedAt,
            InputSampleSource = KollectDatabaseSinkStatusPreviewInputSampleSource.Synthetic,
            ProvisioningMode = sink.Settings.Mode,
            SerializationFormat = KollectDatabaseSinkStatusPreviewSerializationFormat.Json,
            Warnings = [.. Warnings(sink, warnings)],
        };
        return preview == old ? old : preview with { RenderedAt = now };
    }

    private static Seq<string> Warnings(Sink sink, Seq<Problem> warnings) => Join(
        warnings.Map(warning => warning.ToString()),
        sink.Settings.NamingTemplate
            .Map(template => $"spec.provisioning.naming.template: {template} stands for a name that each inventory renders anew")
            .ToSeq()).Strict();
}
