using Kollect.Core.Manifests;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary><c>status.preview</c>: what provisioning and the next export would run, rendered from the spec alone.</summary>
public static class SinkPreview
{
    /// <summary>The preview; <paramref name="old"/> itself where nothing has changed but the time.</summary>
    /// <param name="model">For its warnings.</param>
    /// <param name="sink">The same sink, parsed.</param>
    /// <param name="old">Null = none so far.</param>
    /// <param name="now">When this is rendered.</param>
    public static KollectDatabaseSinkStatusPreview Of(KollectDatabaseSink model, Sink sink, KollectDatabaseSinkStatusPreview? old, DateTimeOffset now)
    {
        var preview = sink.Preview(Naming.Unrendered(sink)) with
        {
            RenderedAt = old?.RenderedAt,
            InputSampleSource = KollectDatabaseSinkStatusPreviewInputSampleSource.Synthetic,
            ProvisioningMode = model.Spec.Provisioning.Mode,
            SerializationFormat = KollectDatabaseSinkStatusPreviewSerializationFormat.Json,
            Warnings = Warnings(model, sink),
        };
        return preview == old ? old : preview with { RenderedAt = now };
    }

    private static Seq<string> Warnings(KollectDatabaseSink model, Sink sink) => Join(
        SinkValidation.Validate(model, Empty).Warnings.Map(warning => warning.ToString()),
        sink.Settings.NamingTemplate.Map(template => $"spec.provisioning.naming.template: {template} stands for a name that each inventory renders anew").ToSeq()).Strict();
}
