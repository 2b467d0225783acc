using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests.Blocks;
using Kollect.Core.Manifests.Rules;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The wire shape -> <see cref="Sink"/>: later code checks nothing again.</summary>
internal static class SinkParser
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
            spec.Provisioning.Mode,
            NonBlank(spec.Provisioning.Naming?.Template),
            PassedOn(model, block),
            Flag(model, OptionRules.SkipUnchanged),
            NonBlank(spec.ExportMinInterval).Bind(GoDuration.Parse),
            spec.ConnectionTest,
            Trimmed(spec.Cluster),
            TlsBlock.Parse(model),
            Credentials(spec).Map(reference => SecretOf(model, reference)))
        {
            Ledger = new LedgerSettings(
                Flag(model, OptionRules.Ledger).IfNone(LedgerSettings.Default.IsKept),
                Value(model, OptionRules.LedgerKeep).Bind(LedgerKeep.Parse).IfNone(LedgerSettings.Default.Keep)),
            History = new HistorySettings(
                Flag(model, OptionRules.History).IfNone(HistorySettings.Default.IsKept), Value(model, OptionRules.HistoryKeep).Bind(LedgerKeep.Parse)),
        };
    }

    /// <summary>None = not set.</summary>
    private static Option<string> Value(KollectDatabaseSink model, string name) =>
        Options(model).Where(option => option.Name == name).Select(option => option.Value.Trim()).ToSeq().HeadOrNone();

    private static Option<bool> Flag(KollectDatabaseSink model, string name) => Value(model, name).Map(value => value == "true");

    private static HashMap<string, string> PassedOn(KollectDatabaseSink model, BackendBlock block) =>
        Options(model).Where(option => !block.OwnOptions.Contains(option.Name))
            .Aggregate(HashMap<string, string>(), (map, option) => map.AddOrUpdate(option.Name, option.Value.Trim()));
}
