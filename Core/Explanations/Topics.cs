using Kollect.Core.Backends;
using Kollect.Core.Collection;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Manifests.Blocks;
using Kollect.Core.Manifests.Rules;
using Kollect.Core.Operator;
using Kollect.Core.Operator.Status;

namespace Kollect.Core.Explanations;

/// <summary>The names that Core knows and can explain: the same tables as the pages under <c>docs/reference/</c>.</summary>
internal static class Topics
{
    /// <summary>All, by kind, and within it in the order of the tables.</summary>
    public static Seq<Topic> All { get; } = Join(Problems, Reasons, Types, Options, MarksInWords, ColumnsInWords, KeysOfSecrets);

    /// <summary>Those of a name, ignoring case: reasons of different objects may have the same one. Empty = it is unknown.</summary>
    public static Seq<Topic> Find(Seq<Topic> among, string name) =>
        among.Filter(it => string.Equals(it.Name, name.Trim(), StringComparison.OrdinalIgnoreCase)).Strict();

    /// <summary>The known name that is closest to an unknown one.</summary>
    public static Option<string> Nearest(Seq<Topic> among, string name) =>
        Formatting.Nearest.Of(name.Trim(), among.Map(it => it.Name).AsEnumerable());

    /// <summary>The ids of validation.</summary>
    internal static Seq<Topic> Problems => Join(StructuralIds.Texts, RuleTable.Texts).Map(rule => new Topic(
        rule.IsWarning ? "warning" : "rule of manifests",
        rule.Id,
        $"{char.ToUpperInvariant(rule.Title[0])}{rule.Title[1..]}.",
        ProblemExamples.Unbreakable.TryGetValue(rule.Id, out var why) ? Seq1(why) : Empty,
        ProblemExamples.ById.TryGetValue(rule.Id, out var example)
            ? example.Fields
            : Empty,
        example is null ? Empty : example.Findings(rule.Id).Map(it => it.ToString()),
        rule.Remedy)).Strict();

    /// <summary>The reasons of conditions and events.</summary>
    internal static Seq<Topic> Reasons => Join(
        Of("reason of sinks", SinkReasons.All, Join(SampleSituations.OfSinks.Map(SinkConditions.Of), Seq1(Seq1(SinkConditions.InsecureSkipVerify)))),
        Of("reason of inventories", InventoryReasons.All, Join(
            SampleSituations.OfRefs.Map(InventoryConditions.Of), SampleSituations.OfInventories.Map(InventoryConditions.Of))),
        Of("reason of targets", TargetReasons.All, Join(
            SampleSituations.OfTargets.Map(it => it.Conditions), SampleSituations.OfGrants.Map(it => Seq1(GrantsCondition.Of(it))))),
        CleanupReasons.All.Map(reason => new Topic(
            "reason of events of inventories",
            reason.Name,
            reason.Meaning,
            Empty,
            Empty,
            SampleSituations.OfCleanups.Filter(it => it.Reason == reason.Name).Map(it => $"{(it.IsWarning ? "Warning" : "Normal")} {it.Reason}: {it.Note}"),
            reason.Remedy)));

    private static Seq<Topic> Types => ConditionTypes.All.Map(it => new Topic("condition", it.Name, it.Meaning, Seq1($"of {it.On}"), Empty, Empty, None));

    private static Seq<Topic> Options => BackendBlocks.All.Bind(block => OptionsOf(block).Map(option => new Topic(
            $"option of type {block.Name}",
            option.Name,
            option.Meaning,
            Seq($"values: {option.Values}", $"default: {option.Default}"),
            Empty,
            Empty,
            None))).Strict();

    /// <summary>The options of a backend that are known by name; PostgreSQL has those of the server besides.</summary>
    internal static Seq<OptionText> OptionsOf(BackendBlock block) =>
        Join(OptionRules.Texts.Filter(it => block.OwnOptions.Contains(it.Name)), block.PassedOn);

    private static Seq<Topic> MarksInWords => Marks.All.Map(mark => new Topic(
        mark.Kind,
        mark.Name,
        mark.Meaning,
        Join(Seq1($"on: {mark.On}"), mark.Values.Length == 0 ? Empty : Seq1($"values: {mark.Values}")),
        Empty,
        Empty,
        None));

    private static Seq<Topic> ColumnsInWords => Columns.All.Map(column => new Topic(
        "column of the rows",
        column.Name,
        column.Meaning,
        Seq($"PostgreSQL: {column.PostgresType}", $"BigQuery: {column.BigQueryType}"),
        Empty,
        Empty,
        None));

    private static Seq<Topic> KeysOfSecrets => SecretKeyTable.All.Bind(of => of.Keys.Filter(it => !it.IsRefused)
        .Bind(it => it.Keys.Map(key => new Topic($"key of the Secret of {of.Field}", key, it.Meaning, Empty, Empty, Empty, None)))).Strict();

    // Ready=False, Degraded=True: the sink does not exist; …
    private static Seq<Topic> Of(string kind, Seq<Reason> reasons, Seq<Seq<Condition>> rows) => reasons.Map(reason => new Topic(
        kind,
        reason.Name,
        reason.Meaning,
        Empty,
        Empty,
        rows.Filter(row => row.Exists(it => it.Reason == reason.Name))
            .Map(row => $"{string.Join(", ", row.Map(it => $"{it.Type}={it.Status}"))}: {row.Head.Message}").Strict(),
        reason.Remedy)).Strict();
}
