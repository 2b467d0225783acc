using Kollect.Core.Manifests.Blocks;
using Kollect.Core.Manifests.Rules;
using Kollect.Core.Models.V1Alpha1;
using InventoryRule = Kollect.Core.Manifests.Rule<Kollect.Core.Manifests.InventoryParts>;
using MetadataRule = Kollect.Core.Manifests.Rule<Kollect.Core.Models.ObjectMeta>;
using ProfileRule = Kollect.Core.Manifests.Rule<Kollect.Core.Models.V1Alpha1.KollectProfile>;
using SinkRule = Kollect.Core.Manifests.Rule<Kollect.Core.Models.V1Alpha1.KollectDatabaseSink>;
using TargetRule = Kollect.Core.Manifests.Rule<Kollect.Core.Manifests.TargetParts>;

namespace Kollect.Core.Manifests;

/// <summary>
/// Every rule; those of a block are in its file below <c>Blocks/</c>. A new rule takes the next free id; the id of a removed rule is never reused
/// (KDB025: now the schema's). KDB001 to KDB019
/// are the schema's own (<see cref="StructuralIds"/>), from KDB101 on rules are about inventories, from KDB201 on about profiles, from KDB301 on about
/// targets, from KDB401 on about the metadata of any object; from KDB501 on they are warnings, about any of them.
/// </summary>
internal static class RuleTable
{
    public static RuleSet<KollectDatabaseSink> Sinks { get; } = new(
        Problems: Join(
            TlsBlock.Problems,
            BackendBlocks.All.Bind(block => block.Problems),
            Seq(
                new SinkRule("KDB020", "the block of the type is set", BlockRules.BlockOfTypeIsSet),
                new SinkRule("KDB021", "the blocks of other types are absent", BlockRules.OtherBlocksAreAbsent),
                new SinkRule("KDB022", "layout is absent", BlockRules.LayoutIsAbsent),
                new SinkRule("KDB023", "pathTemplate is absent", BlockRules.PathTemplateIsAbsent),
                new SinkRule("KDB024", "the serialization format is json", BlockRules.FormatIsJson),
                new SinkRule("KDB026", "a Secret's name is possible", ReferenceRules.Name),
                new SinkRule("KDB027", "a Secret's namespace is possible", ReferenceRules.Namespace),
                new SinkRule("KDB028", "a Secret's key is possible", ReferenceRules.Key),
                new SinkRule("KDB038", "the naming template knows its placeholders", NamingRules.Template),
                new SinkRule("KDB039", "the naming template can give a usable name", NamingRules.TemplateCanFit),
                new SinkRule("KDB040", "no option key looks like a secret", OptionRules.NoSecretInKey),
                new SinkRule("KDB041", "no option value carries a secret", OptionRules.NoSecretInValue),
                new SinkRule("KDB042", "skip_unchanged is true or false", OptionRules.SkipUnchangedIsBoolean),
                new SinkRule("KDB066", "ledger is true or false", OptionRules.LedgerIsBoolean),
                new SinkRule("KDB067", "ledger_keep is a duration", OptionRules.LedgerKeepIsADuration),
                new SinkRule("KDB060", "exportMinInterval is a duration", SettingRules.IntervalIsADuration),
                new SinkRule("KDB061", "exportMinInterval is in range", SettingRules.IntervalIsInRange),
                new SinkRule("KDB062", "the cluster label is text", SettingRules.ClusterIsText))),
        Warnings: Join(
            TlsBlock.Warnings,
            BackendBlocks.All.Bind(block => block.Warnings),
            Seq(
                new SinkRule("KDB501", "mode existing creates nothing", Rules.Warnings.ExistingMode),
                new SinkRule("KDB502", "a Secret lies in another namespace", Rules.Warnings.CrossNamespace),
                new SinkRule("KDB505", "the cluster label is empty", Rules.Warnings.NoCluster),
                new SinkRule("KDB507", "the endpoint has no effect", Rules.Warnings.EndpointWithoutEffect),
                new SinkRule("KDB509", "compression has no effect", Rules.Warnings.CompressionWithoutEffect))));

    public static RuleSet<InventoryParts> Inventories { get; } = new(
        Problems: Seq(
            new InventoryRule("KDB101", "a sink's ref is a name or an object", InventoryRules.RefIsANameOrAnObject),
            new InventoryRule("KDB102", "a sink's name is possible", InventoryRules.RefName),
            new InventoryRule("KDB103", "the ref of a KollectInventory names no namespace", InventoryRules.RefStaysInItsNamespace),
            new InventoryRule("KDB104", "a sink's namespace is possible", InventoryRules.RefNamespace),
            new InventoryRule("KDB105", "a sink is referred to once", InventoryRules.RefIsUnique),
            new InventoryRule("KDB106", "exportMinInterval is a duration", InventoryRules.IntervalIsADuration),
            new InventoryRule("KDB107", "exportMinInterval is in range", InventoryRules.IntervalIsInRange),
            new InventoryRule("KDB108", "sinkNamespace is possible", InventoryRules.SinkNamespace),
            new InventoryRule("KDB109", "a target's name is possible", InventoryRules.TargetRefs),
            new InventoryRule("KDB110", "a namespace is possible", InventoryRules.Namespaces),
            new InventoryRule("KDB111", "a label selector is possible", InventoryRules.Selectors)),
        Warnings: Seq(
            new InventoryRule("KDB513", "snapshotSinkRefs has no effect", InventoryRules.IsUnserved("snapshotSinkRefs", "use databaseSinkRefs")),
            new InventoryRule("KDB514", "eventSinkRefs has no effect", InventoryRules.IsUnserved("eventSinkRefs", "use databaseSinkRefs")),
            new InventoryRule("KDB515", "httpEndpoint has no effect", InventoryRules.IsUnserved("httpEndpoint", "read the rows from the database")),
            new InventoryRule("KDB516", "maxExportBytes has no effect", InventoryRules.IsUnserved("maxExportBytes", "an export has no largest size")),
            new InventoryRule("KDB517", "no sink is referred to", InventoryRules.NoSink),
            new InventoryRule("KDB518", "targetSelector has no effect", InventoryRules.TargetSelectorWithoutEffect)));

    public static RuleSet<KollectProfile> Profiles { get; } = new(
        Problems: Seq(
            new ProfileRule("KDB201", "group, version and kind are possible", ProfileRules.Kind),
            new ProfileRule("KDB202", "an attribute's path is a JSONPath", ProfileRules.AttributePath),
            new ProfileRule("KDB203", "what is pruned is a JSONPath", ProfileRules.PrunePath),
            new ProfileRule("KDB204", "an attribute's name is text", ProfileRules.AttributeName),
            new ProfileRule("KDB205", "an attribute's name stands once", ProfileRules.AttributeIsUnique),
            new ProfileRule("KDB206", "not the whole object is pruned", ProfileRules.PruneLeavesSomething),
            new ProfileRule("KDB207", "prune stands beside mode Resource", ProfileRules.PruneNeedsResource),
            new ProfileRule("KDB208", "no attribute is a Secret's content", ProfileRules.SecretIsNotReached)),
        Warnings: Seq(
            new ProfileRule("KDB519", "export.as has no effect", ProfileRules.AsWithoutEffect),
            new ProfileRule("KDB520", "of a Secret only the rest is collected", ProfileRules.SecretWithoutContent)));

    public static RuleSet<TargetParts> Targets { get; } = new(
        Problems: Seq(
            new TargetRule("KDB301", "the profile's name is possible", TargetRules.ProfileRef),
            new TargetRule("KDB302", "the profile's namespace is possible", TargetRules.ProfileNamespace),
            new TargetRule("KDB303", "a label selector is possible", TargetRules.Selectors),
            new TargetRule("KDB304", "an object's name is possible", TargetRules.Names)),
        Warnings: []);

    /// <summary>The rules for every object, of whatever kind.</summary>
    public static Seq<MetadataRule> Metadata { get; } = Seq(
        new MetadataRule("KDB401", "an object's own name is possible", MetadataRules.Name),
        new MetadataRule("KDB402", "an object's own namespace is possible", MetadataRules.Namespace));

    /// <summary>Id and title of each, in the order of the ids.</summary>
    public static Seq<(string Id, string Title)> Titles =>
        Join(Sinks.Titles, Inventories.Titles, Profiles.Titles, Targets.Titles, Metadata.Map(rule => (rule.Id, rule.Title)))
            .OrderBy(it => it.Id, StringComparer.Ordinal).ToSeq();
}
