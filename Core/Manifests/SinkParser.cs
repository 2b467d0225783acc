using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests.Blocks;
using Kollect.Core.Manifests.Rules;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The wire shape -> <see cref="Sink"/>: later code checks nothing again.</summary>
public static class SinkParser
{
    /// <summary>The sink, or every problem of its validation.</summary>
    public static Either<Seq<Problem>, Sink> Parse(KollectDatabaseSink model, ValidationResult validation) =>
        validation.IsValid ? Right<Seq<Problem>, Sink>(Valid(model)) : Left<Seq<Problem>, Sink>(validation.Problems);

    private static Sink Valid(KollectDatabaseSink model) => BackendBlocks.Of(model.Spec)
        .Map(block => block.Parse(model, Settings(model, block)))
        .IfNone(() => throw new System.Diagnostics.UnreachableException());

    private static SinkSettings Settings(KollectDatabaseSink model, BackendBlock block)
    {
        var spec = model.Spec;
        return new SinkSettings(
            SpecParts.Namespace(model),
            Trimmed(model.Metadata.Name),
            spec.Provisioning.Mode == KollectDatabaseSinkMode.Existing ? ProvisioningMode.Existing : ProvisioningMode.Ensure,
            NonBlank(spec.Provisioning.Naming?.Template),
            PassedOn(model, block),
            Options(model).Any(option => option.Name == OptionRules.SkipUnchanged && option.Value.Trim() == "true"),
            NonBlank(spec.ExportMinInterval).Bind(GoDuration.Parse),
            spec.ConnectionTest,
            Trimmed(spec.Cluster),
            TlsBlock.Parse(model),
            Credentials(spec).Map(reference => SecretOf(model, reference)));
    }

    private static HashMap<string, string> PassedOn(KollectDatabaseSink model, BackendBlock block) =>
        Options(model).Where(option => !block.OwnOptions.Contains(option.Name))
            .Aggregate(HashMap<string, string>(), (map, option) => map.AddOrUpdate(option.Name, option.Value.Trim()));
}
