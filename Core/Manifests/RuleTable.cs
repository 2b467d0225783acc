using Kollect.Core.Manifests.Blocks;
using Kollect.Core.Manifests.Rules;
using Kollect.Models.V1Alpha1;
using InventoryRule = Kollect.Core.Manifests.Rule<Kollect.Core.Manifests.InventoryParts>;
using MetadataRule = Kollect.Core.Manifests.Rule<Kollect.Models.ObjectMeta>;
using ProfileRule = Kollect.Core.Manifests.Rule<Kollect.Models.V1Alpha1.KollectProfile>;
using ScopeRule = Kollect.Core.Manifests.Rule<Kollect.Core.Manifests.ScopeParts>;
using SinkRule = Kollect.Core.Manifests.Rule<Kollect.Models.V1Alpha1.KollectDatabaseSink>;
using TargetRule = Kollect.Core.Manifests.Rule<Kollect.Core.Manifests.TargetParts>;

namespace Kollect.Core.Manifests;

/// <summary>
/// Every rule; those of a block are in its file below <c>Blocks/</c>. A new rule takes the next free id; the id of a removed rule is never reused
/// (KDB025: now the schema's; KDB207: now the warning KDB540). KDB001 to KDB019
/// are the schema's own (<see cref="StructuralIds"/>), from KDB101 on rules are about inventories, from KDB201 on about profiles, from KDB301 on about
/// targets, from KDB401 on about the metadata of any object; from KDB501 on they are warnings, about any of them; from
/// KDB601 on rules are about scopes, and from KDB701 on they are what a scope denies (<see cref="Collection.Scopes.ScopeDenials"/>).
/// </summary>
internal static class RuleTable
{
    public static RuleSet<KollectDatabaseSink> Sinks { get; } = new(
        Problems: Join(
            TlsBlock.Problems,
            BackendBlocks.All.Bind(block => block.Problems),
            Seq(
                new SinkRule("KDB020", "the block of the type is set",
                    "Add the block that has the name of spec.type: postgres, mongodb or bigquery.", BlockRules.BlockOfTypeIsSet),
                new SinkRule("KDB021", "the blocks of other types are absent",
                    "Remove the block, or make a second sink of it: one sink writes to one database.", BlockRules.OtherBlocksAreAbsent),
                new SinkRule("KDB022", "the field layout is absent",
                    "Remove spec.layout: rows are identified by inventory, target and uid.", BlockRules.LayoutIsAbsent),
                new SinkRule("KDB023", "the field pathTemplate is absent",
                    "Remove spec.pathTemplate: to name tables by inventory, use spec.provisioning.naming.template.", BlockRules.PathTemplateIsAbsent),
                new SinkRule("KDB024", "the serialization format is json",
                    "Remove spec.serialization.format: a database sink stores JSON.", BlockRules.FormatIsJson),
                new SinkRule("KDB026", "a Secret's name is valid", "Write the name of the Secret as kubectl get secrets shows it.", ReferenceRules.Name),
                new SinkRule("KDB027", "a Secret's namespace is valid",
                    "Write the name of the namespace, or leave it out for the namespace of the sink.", ReferenceRules.Namespace),
                new SinkRule("KDB028", "a Secret's key is valid",
                    "Name the key as kubectl describe secret shows it, or leave it out for the well-known keys.", ReferenceRules.Key),
                new SinkRule("KDB038", "the naming template uses known placeholders",
                    "Use only the placeholders {cluster}, {namespace} and {name}, and close every brace.", NamingRules.Template),
                new SinkRule("KDB039", "the naming template can give a usable name",
                    "Change the text around the placeholders until it fits into a name of the backend.", NamingRules.TemplateCanFit),
                new SinkRule("KDB040", "no option key looks like a secret",
                    "Put the value into a Secret, and name that Secret in databaseRef or spec.secretRef.", OptionRules.NoSecretInKey),
                new SinkRule("KDB041", "no option value carries a secret",
                    "Remove user, password or key from the value: they belong into the Secret.", OptionRules.NoSecretInValue),
                new SinkRule("KDB042", "the option skip_unchanged is true or false",
                    "Write \"true\" or \"false\", in quotes, or remove the option for its default.", OptionRules.SkipUnchangedIsBoolean),
                new SinkRule("KDB066", "the option ledger is true or false",
                    "Write \"true\" or \"false\", in quotes, or remove the option for its default.", OptionRules.LedgerIsBoolean),
                new SinkRule("KDB067", "the option ledger_keep is a duration",
                    "Write days as \"90d\" or a duration as \"12h\", from 1h to 36500d.", OptionRules.LedgerKeepIsADuration),
                new SinkRule("KDB068", "the option history is true or false",
                    "Write \"true\" or \"false\", in quotes, or remove the option for its default.", OptionRules.HistoryIsBoolean),
                new SinkRule("KDB069", "the option history_keep is a duration",
                    "Write days as \"90d\" or a duration as \"12h\", from 1h to 36500d, or remove the option to keep all.", OptionRules.HistoryKeepIsADuration),
                new SinkRule("KDB070", "a history is kept of changed rows only",
                    "Remove the option skip_unchanged: history implies it.", OptionRules.HistorySkipsUnchanged),
                new SinkRule("KDB060", "the value of exportMinInterval is a duration",
                    "Write numbers with the units h, m, s or ms, such as 5m or 1h30m.", SettingRules.IntervalIsADuration),
                new SinkRule("KDB061", "the value of exportMinInterval is in range",
                    "Choose a duration from 0s to 24h; 0s means no export without a change.", SettingRules.IntervalIsInRange),
                new SinkRule("KDB062", "the cluster label is text", "Choose a label of printable characters.", SettingRules.ClusterIsText))),
        Warnings: Join(
            TlsBlock.Warnings,
            BackendBlocks.All.Bind(block => block.Warnings),
            Seq(
                new SinkRule("KDB501", "mode existing creates nothing",
                    "Let an administrator create what kollect plan prints, or set the mode ensure.", Rules.Warnings.ExistingMode),
                new SinkRule("KDB502", "a Secret lies in another namespace",
                    "Let the owner of the Secret run the command in the message, or keep the Secret beside the sink.", Rules.Warnings.CrossNamespace),
                new SinkRule("KDB505", "the cluster label is empty",
                    "Set spec.cluster to a name of this cluster before a second cluster writes into the table.", Rules.Warnings.NoCluster),
                new SinkRule("KDB507", "the endpoint has no effect",
                    "Remove spec.endpoint, and write the address into the connection string.", Rules.Warnings.EndpointWithoutEffect),
                new SinkRule("KDB509", "compression has no effect", "Remove spec.serialization.compression.", Rules.Warnings.CompressionWithoutEffect))));

    public static RuleSet<InventoryParts> Inventories { get; } = new(
        Problems: Seq(
            new InventoryRule("KDB101", "each ref to a sink is a name or an object",
                "Write each ref as the sink's name, or as an object with name and perhaps namespace and exportMinInterval.",
                InventoryRules.RefIsANameOrAnObject),
            new InventoryRule("KDB102", "a sink's name is valid", "Write the name of the sink as kubectl get kdb shows it.", InventoryRules.RefName),
            new InventoryRule("KDB103", "the ref of a KollectInventory names no namespace",
                "Remove the namespace, or make a KollectClusterInventory of the inventory.", InventoryRules.RefStaysInItsNamespace),
            new InventoryRule("KDB104", "a sink's namespace is valid",
                "Write the name of the sink's namespace, or leave it out for spec.sinkNamespace.", InventoryRules.RefNamespace),
            new InventoryRule("KDB105", "each sink is referred to once",
                "Keep one of the refs: two exports of the same rows would delete each other's.", InventoryRules.RefIsUnique),
            new InventoryRule("KDB106", "the value of exportMinInterval is a duration",
                "Write numbers with the units h, m, s or ms, such as 5m or 1h30m.", InventoryRules.IntervalIsADuration),
            new InventoryRule("KDB107", "the value of exportMinInterval is in range",
                "Choose a duration from 0s to 24h; 0s means no export without a change.", InventoryRules.IntervalIsInRange),
            new InventoryRule("KDB108", "the field sinkNamespace is valid",
                "Write the name of the namespace that holds the sinks.", InventoryRules.SinkNamespace),
            new InventoryRule("KDB109", "a target's name is valid",
                "Write the name of the target as kubectl get ktgt or kctgt shows it.", InventoryRules.TargetRefs),
            new InventoryRule("KDB110", "a namespace is valid",
                "Write the name of the namespace as kubectl get namespaces shows it.", InventoryRules.Namespaces),
            new InventoryRule("KDB111", "a label selector is valid",
                "Correct keys, operators and values: In and NotIn need values, Exists and DoesNotExist take none.", InventoryRules.Selectors)),
        Warnings: Seq(
            new InventoryRule("KDB513", "the field snapshotSinkRefs has no effect",
                "Move the refs to spec.databaseSinkRefs, or keep the field for another operator.",
                InventoryRules.IsUnserved("snapshotSinkRefs", "use databaseSinkRefs")),
            new InventoryRule("KDB514", "the field eventSinkRefs has no effect",
                "Move the refs to spec.databaseSinkRefs, or keep the field for another operator.",
                InventoryRules.IsUnserved("eventSinkRefs", "use databaseSinkRefs")),
            new InventoryRule("KDB515", "the field httpEndpoint has no effect",
                "Remove the field, and read the rows from the database.", InventoryRules.IsUnserved("httpEndpoint", "read the rows from the database")),
            new InventoryRule("KDB516", "the field maxExportBytes has no effect",
                "Remove the field: an export has no largest size.", InventoryRules.IsUnserved("maxExportBytes", "an export has no largest size")),
            new InventoryRule("KDB517", "no sink is referred to", "Name a sink in spec.databaseSinkRefs.", InventoryRules.NoSink),
            new InventoryRule("KDB518", "the field targetSelector has no effect",
                "Keep either targetRefs, which names the targets, or targetSelector.", InventoryRules.TargetSelectorWithoutEffect),
            new InventoryRule("KDB544", "the field maxExportBytes of a ref has no effect",
                "Remove the field: an export has no largest size.", InventoryRules.RefMaxExportBytes),
            new InventoryRule("KDB545", "the field profileRef has no effect",
                "Remove the field: each target names its profile.", InventoryRules.ProfileRefWithoutEffect)));

    public static RuleSet<KollectProfile> Profiles { get; } = new(
        Problems: Seq(
            new ProfileRule("KDB201", "group, version and kind are valid",
                "Write the kind as manifests do: group apps, version v1, kind Deployment; the core group is empty.", ProfileRules.Kind),
            new ProfileRule("KDB202", "an attribute's path is a JSONPath",
                "Correct the path at the character that the message marks; the syntax is kubectl's JSONPath.", ProfileRules.AttributeJsonPath),
            new ProfileRule("KDB211", "an attribute's expression is one in CEL",
                "Correct the expression at the character that the message marks; the variable object holds the object.", ProfileRules.AttributeExpression),
            new ProfileRule("KDB203", "each path of prune is a JSONPath",
                "Correct the path at the character that the message marks; the syntax is kubectl's JSONPath.", ProfileRules.PrunePath),
            new ProfileRule("KDB204", "an attribute's name is text", "Give the attribute a name of printable characters.", ProfileRules.AttributeName),
            new ProfileRule("KDB205", "each attribute has a name of its own",
                "Choose another name: attributes become fields of one object.", ProfileRules.AttributeIsUnique),
            new ProfileRule("KDB206", "the paths of prune do not remove the whole object",
                "Name the parts to remove, or use the mode Attributes, which leaves the object out.", ProfileRules.PruneLeavesSomething),
            new ProfileRule("KDB208", "no attribute is the content of a Secret",
                "Remove the attribute: the content of Secrets is never collected.", ProfileRules.SecretIsNotReached),
            new ProfileRule("KDB209", "the field prune is a list or an object",
                "Write prune as a list of JSONPaths, or as an object with jsonPaths, jsonPointers, defaults and scrubKeys.",
                ProfileRules.PruneIsAListOrAnObject),
            new ProfileRule("KDB210", "each pointer of prune is a JSON Pointer",
                "Begin the pointer with a slash, and write ~1 for a slash within a name and ~0 for ~.", ProfileRules.PrunePointer)),
        Warnings: Seq(
            new ProfileRule("KDB519", "the field export.as has no effect", "Remove export.as, or set export.mode to Resource.", ProfileRules.AsWithoutEffect),
            new ProfileRule("KDB520", "the content of Secrets is not collected",
                "Nothing, if metadata and type are enough.", ProfileRules.SecretWithoutContent),
            new ProfileRule("KDB540", "a field of export has no effect",
                "Set export.mode to Resource, or remove the field.", ProfileRules.PartsWithoutEffect),
            new ProfileRule("KDB541", "the field prune.cel has no effect",
                "Name what is left out by paths in prune.jsonPaths.", ProfileRules.PruneByCel),
            new ProfileRule("KDB542", "the field metrics has no effect",
                "Remove the field, and query the rows in the database.", ProfileRules.MetricsWithoutEffect)));

    public static RuleSet<TargetParts> Targets { get; } = new(
        Problems: Seq(
            new TargetRule("KDB301", "the profile's name is valid", "Write the name of the profile as kubectl get kprof shows it.", TargetRules.ProfileRef),
            new TargetRule("KDB302", "the profile's namespace is valid", "Write the name of the profile's namespace.", TargetRules.ProfileNamespace),
            new TargetRule("KDB303", "a label selector is valid",
                "Correct keys, operators and values: In and NotIn need values, Exists and DoesNotExist take none.", TargetRules.Selectors),
            new TargetRule("KDB304", "an object's name is valid", "Write the object's name alone, without its namespace.", TargetRules.Names),
            new TargetRule("KDB305", "the ref to a profile is a name or an object",
                "Write the profile's name, or an object with name and, for a KollectClusterTarget, namespace.", TargetRules.RefIsANameOrAnObject),
            new TargetRule("KDB306", "a KollectTarget uses a profile of its own namespace",
                "Remove the namespace, and keep the profile beside the target.", TargetRules.ProfileStaysInItsNamespace),
            new TargetRule("KDB307", "a namespace is valid",
                "Write the name of the namespace as kubectl get namespaces shows it.", TargetRules.Namespaces),
            new TargetRule("KDB308", "group, version and kind of a rule are valid",
                "Write the kind as manifests do: group apps, version v1, kind Deployment; the core group is empty.", TargetRules.RuleKind),
            new TargetRule("KDB309", "all resource rules are of one kind",
                "Make a target for each kind, with a profile of that kind.", TargetRules.RulesHaveOneKind),
            new TargetRule("KDB310", "the policy of a rule is an expression in CEL",
                "Correct the expression at the character that the message marks; the variable object holds the object.", TargetRules.MatchPolicy)),
        Warnings: Seq1(
            new TargetRule("KDB543", "a selector has no effect beside resourceRules",
                "Move the selector into each of the rules, or remove one of the two.", TargetRules.SelectorWithoutEffect)));

    public static RuleSet<ScopeParts> Scopes { get; } = new(
        Problems: Seq(
            new ScopeRule("KDB601", "group, version and kind are valid",
                "Write the kind as manifests do: group apps, version v1, kind Deployment; the core group is empty.", ScopeRules.Kinds),
            new ScopeRule("KDB602", "a namespace is valid",
                "Write the name of the namespace as kubectl get namespaces shows it.", ScopeRules.Namespaces),
            new ScopeRule("KDB603", "a sink's name is valid", "Write the name of the sink as kubectl get kdb shows it.", ScopeRules.Sinks),
            new ScopeRule("KDB604", "the value of minExportInterval is a duration",
                "Write numbers with the units h, m, s or ms, such as 5m or 1h30m.", ScopeRules.IntervalIsADuration),
            new ScopeRule("KDB605", "the value of minExportInterval is in range", "Choose a duration from 0s to 24h.", ScopeRules.IntervalIsInRange)),
        Warnings: []);

    /// <summary>The rules for every object, of whatever kind.</summary>
    public static Seq<MetadataRule> Metadata { get; } = Seq(
        new MetadataRule("KDB401", "an object's own name is valid", "Choose a name of lower-case letters, digits, hyphens and dots.", MetadataRules.Name),
        new MetadataRule("KDB402", "an object's own namespace is valid",
            "Choose a name of lower-case letters, digits and hyphens.", MetadataRules.Namespace));

    /// <summary>Each in words, in the order of the ids; without those of the schema.</summary>
    public static Seq<RuleText> Texts =>
        Join(
                Sinks.Texts,
                Inventories.Texts,
                Profiles.Texts,
                Targets.Texts,
                Metadata.Map(rule => rule.Text(isWarning: false)),
                Scopes.Texts,
                Denials)
            .OrderBy(it => it.Id, StringComparer.Ordinal).ToSeq();

    /// <summary>What a scope denies, which no manifest shows alone.</summary>
    public static Seq<RuleText> Denials { get; } = Collection.Scopes.ScopeDenials.All
        .Map(it => new RuleText(it.Id, it.Title, it.Remedy, IsWarning: false)).Strict();
}
