using System.Text.Json.Nodes;
using Kollect.Core.Formatting;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Host.Output;

/// <summary>Prints the tree of inventories, as JSON and as text.</summary>
internal static class StatusOutput
{
    public static IEnumerable<TextLine> Text(StatusTree tree, string @namespace, DateTimeOffset now)
    {
        var lines = StatusLines.Of(tree, now);
        foreach (var (name, line) in StatusLines.Names(lines).Zip(lines))
            yield return new TextLine($"{name}  ", StatusLines.Text(line.Word), Colour(line.Word), Details(line));
        yield return tree.Inventories.IsEmpty && @namespace.Length > 0
            ? $"no inventory in namespace {@namespace}; -A shows those of all namespaces, and those of the cluster"
            : StatusLines.Summary(tree);
    }

    private static string Details(StatusLine line) => line.Details.Length == 0 ? "" : new string(' ', 11 - StatusLines.Text(line.Word).Length) + line.Details;

    private static ConsoleColor Colour(StateWord word) => word switch
    {
        StateWord.Ready => ConsoleColor.Green,
        StateWord.NotReady => ConsoleColor.Red,
        _ => ConsoleColor.Yellow,
    };

    public static JsonObject Json(StatusTree tree)
    {
        var json = Document.Of("Status");
        json["ready"] = tree.IsReady;
        json["inventories"] = Array(tree.Inventories.Map(Json));
        json["unusedTargets"] = Array(tree.UnusedTargets.Map(Json));
        json["unusedSinks"] = Array(tree.UnusedSinks.Map(Json));
        return json;
    }

    private static JsonObject Json(InventoryNode it)
    {
        var json = Json($"{it.Name}", it.State);
        json["suspended"] = it.IsSuspended;
        json["items"] = Number(it.Items);
        json["lastExportTime"] = Time(it.LastExport);
        json["lastSuccessTime"] = Time(it.LastSuccess);
        json["nextExportTime"] = Time(it.NextExport);
        json["targets"] = Array(it.Targets.Map(Json));
        json["sinks"] = Array(it.Sinks.Map(Json));
        return json;
    }

    private static JsonObject Json(TargetNode it)
    {
        var json = Json($"{it.Name}", it.State);
        json["objects"] = Number(it.Objects);
        return json;
    }

    private static JsonObject Json(SinkNode it)
    {
        var json = Json($"{it.Name}", it.State);
        json["location"] = Json(it.At);
        return json;
    }

    private static JsonObject Json(RefNode it)
    {
        var json = Json($"{it.Name}", it.State);
        json["location"] = Json(it.At);
        json["rows"] = Number(it.Rows);
        json["lastExportTime"] = Time(it.Export.Bind(export => export.Success).Map(success => success.At));
        json["lastSuccessTime"] = Time(it.Export.Bind(export => export.Success).Bind(success => success.SnapshotTime));
        json["nextExportTime"] = Time(it.Export.Bind(export => export.NextExport));
        json["interval"] = $"{it.Interval}";
        json["lastExport"] = it.Export.Bind(export => export.Success).MatchUnsafe<JsonNode?>(Json, () => null);
        json["failure"] = it.Export.Bind(export => export.Failure).MatchUnsafe<JsonNode?>(Json, () => null);
        return json;
    }

    private static JsonObject Json(ExportSuccess it) => new()
    {
        ["inserted"] = it.Outcome.Inserted,
        ["updated"] = it.Outcome.Updated,
        ["unchanged"] = it.Outcome.Unchanged,
        ["deleted"] = it.Outcome.Deleted,
        ["rejected"] = it.Outcome.Rejected,
        ["durationMs"] = it.Outcome.ElapsedMs,
    };

    private static JsonObject Json(ExportFailure it) => new()
    {
        ["class"] = $"{it.Class}",
        ["message"] = it.Message,
        ["inARow"] = it.InARow,
        ["time"] = Times.Seconds(it.At),
    };

    private static JsonObject Json(string name, ObjectState state) => new()
    {
        ["name"] = name,
        ["state"] = $"{state.Word}",
        ["reason"] = state.Reason,
        ["message"] = state.Message,
        ["since"] = Time(state.Since),
    };

    private static JsonNode? Json(LanguageExt.Option<TableLocation> location) => location.MatchUnsafe<JsonNode?>(
        it => new JsonObject
        {
            ["backend"] = it.Backend.WireName(),
            ["container"] = it.Container,
            ["table"] = it.Table,
            ["cluster"] = it.Cluster,
        },
        () => null);

    private static JsonNode? Number(LanguageExt.Option<long> number) => number.MatchUnsafe<JsonNode?>(it => it, () => null);

    private static JsonNode? Time(LanguageExt.Option<DateTimeOffset> time) => time.MatchUnsafe<JsonNode?>(it => Times.Seconds(it), () => null);

    private static JsonArray Array(Seq<JsonObject> items) => new([.. items.Map(it => (JsonNode)it)]);
}
