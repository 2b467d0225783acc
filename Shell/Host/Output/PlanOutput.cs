using System.Diagnostics;
using System.Text.Json.Nodes;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Host.Commands;

namespace Kollect.Host.Output;

/// <summary>Prints statements, gaps and failures, as JSON and as text.</summary>
internal static class PlanOutput
{
    public static string Name(SinkSettings sink) => $"{sink.Namespace}/{sink.Name}";

    public static JsonNode Json(SinkPlan plan) => plan.Failure.Match(
        failure => Json(plan.Sink, failure),
        () => plan.Plan switch
        {
            ProvisioningPlan.Ready it => new JsonObject
            {
                ["sink"] = Name(plan.Sink),
                ["ready"] = true,
                ["statements"] = Json(it.Statements),
                ["everyExport"] = new JsonObject
                {
                    ["statements"] = Json(plan.Preview.Statements),
                    ["remarks"] = new JsonArray([.. plan.Preview.Remarks.Map(remark => (JsonNode)JsonValue.Create(remark))]),
                },
            },
            ProvisioningPlan.Refused it => Json(plan.Sink, Failure.Refused.Preflight(it.Refusals)),
            _ => throw new UnreachableException(),
        });

    // default/demo: 1 statement
    // -- table "public"."inventory_items" is missing
    // CREATE TABLE …
    public static IEnumerable<string> Text(SinkPlan plan) => plan.Failure.Match(
        failure => Text(plan.Sink, failure),
        () => plan.Plan switch
        {
            ProvisioningPlan.Ready { Statements.IsEmpty: true } => [$"-- {Name(plan.Sink)}: nothing to do, the destination is ready", .. Text(plan.Preview)],
            ProvisioningPlan.Ready it => [$"-- {Name(plan.Sink)}", .. it.Statements.SelectMany(Text), .. Text(plan.Preview)],
            ProvisioningPlan.Refused it => Text(plan.Sink, Failure.Refused.Preflight(it.Refusals)),
            _ => throw new UnreachableException(),
        });

    public static JsonObject Json(SinkSettings sink, Failure failure)
    {
        var json = new JsonObject { ["sink"] = Name(sink), ["ready"] = false, ["transient"] = failure is Failure.TryLater, ["message"] = failure.Message };
        if (failure is Failure.Refused { Gaps.IsEmpty: false } refused)
            json["gaps"] = Json(refused.Gaps);
        return json;
    }

    public static IEnumerable<string> Text(SinkSettings sink, Failure failure) =>
    [
        $"{Name(sink)}: {failure.Message}",
        .. failure is Failure.Refused refused ? refused.Gaps.SelectMany(Text) : [],
    ];

    public static JsonArray Json(Seq<Refusal> gaps) =>
        new([.. gaps.Map(gap => (JsonNode)new JsonObject { ["what"] = gap.What, ["remedy"] = gap.Remedy })]);

    // gap: table "public"."inventory_items" does not exist and provisioning.mode is existing
    //     CREATE TABLE …
    public static IEnumerable<string> Text(Refusal gap) => [$"gap: {gap.What}", .. gap.Remedy.Split('\n').Select(line => $"    {line}")];

    public static JsonArray Json(Seq<Statement> statements) => new([.. statements.Map(statement => (JsonNode)new JsonObject
    {
        ["why"] = statement.Why,
        ["text"] = statement.Sql,
    })]);

    private static IEnumerable<string> Text(ExportPreview preview) =>
        [.. preview.Statements.SelectMany(Text), .. preview.Remarks.Map(remark => $"-- {remark}")];

    private static IEnumerable<string> Text(Statement statement) => [$"-- {statement.Why}", .. statement.Sql.Split('\n')];
}
