using System.Diagnostics;
using System.Text.Json.Nodes;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;
using Kollect.Host.Commands;

namespace Kollect.Host.Output;

/// <summary>Prints views, as JSON and as text.</summary>
internal static class ViewsOutput
{
    public static JsonNode Json(ViewsReport report) => report.Result switch
    {
        ViewsResult.Applied it => new JsonObject
        {
            ["sink"] = PlanOutput.Name(report.Sink.Settings),
            ["ready"] = !it.Views.Exists(view => view.Step is ViewStep.Refused),
            ["applied"] = report.IsApplied,
            ["views"] = new JsonArray([.. it.Views.Map(view => (JsonNode)Json(view))]),
        },
        ViewsResult.Failed it => PlanOutput.Json(report.Sink.Settings, it.Failure),
        _ => throw new UnreachableException(),
    };

    // -- default/inventory: the statements of 1 view; nothing was run
    // -- target default/deployments
    // CREATE OR REPLACE VIEW …
    public static IEnumerable<string> Text(ViewsReport report) => report.Result switch
    {
        ViewsResult.Applied it when report.IsApplied => [.. it.Views.SelectMany(view => Made(report.Sink.Settings, view))],
        ViewsResult.Applied it =>
        [
            $"{Comment(report)} {PlanOutput.Name(report.Sink.Settings)}: {it.Views.Count} view{(it.Views.Count == 1 ? "" : "s")}; nothing was run",
            .. it.Views.SelectMany(view => Script(view, Comment(report))),
        ],
        ViewsResult.Failed it => PlanOutput.Text(report.Sink.Settings, it.Failure),
        _ => throw new UnreachableException(),
    };

    /// <summary>Before a line that the shell of the database does not run.</summary>
    private static string Comment(ViewsReport report) => report.Sink.BackendName == "MongoDB" ? "//" : "--";

    private static IEnumerable<string> Script(ViewPlan view, string comment) =>
    [
        .. view.Step is ViewStep.Change change
            ? change.Statements.SelectMany(statement => (IEnumerable<string>)[$"{comment} {statement.Why}", .. statement.Sql.Split('\n')])
            : [],
        .. view.Remarks.Map(remark => $"{comment} {remark}"),
    ];

    private static IEnumerable<string> Made(SinkSettings sink, ViewPlan view) =>
    [
        .. view.Step switch
        {
            ViewStep.Unchanged => [$"{PlanOutput.Name(sink)}: {view.Name} is as it should be"],
            ViewStep.Change change => [$"{PlanOutput.Name(sink)}: made {change.Statements[0].Why}"],
            ViewStep.Refused refused => (IEnumerable<string>)[$"{PlanOutput.Name(sink)}: {view.Name} is left as it is", .. PlanOutput.Text(refused.Refusal)],
            _ => throw new UnreachableException(),
        },
        .. view.Remarks.Map(remark => $"  {remark}"),
    ];

    private static JsonObject Json(ViewPlan view)
    {
        var json = new JsonObject
        {
            ["view"] = view.Name,
            ["target"] = view.Target,
            ["step"] = view.Step switch
            {
                ViewStep.Unchanged => "Unchanged",
                ViewStep.Change => "Changed",
                ViewStep.Refused => "Refused",
                _ => throw new UnreachableException(),
            },
            ["statements"] = PlanOutput.Json(view.Step is ViewStep.Change change ? change.Statements : Empty),
            ["remarks"] = new JsonArray([.. view.Remarks.Map(remark => (JsonNode)JsonValue.Create(remark))]),
        };
        if (view.Step is ViewStep.Refused refused)
            json["gaps"] = PlanOutput.Json(Seq1(refused.Refusal));
        return json;
    }
}
