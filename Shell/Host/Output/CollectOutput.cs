using System.Globalization;
using System.Text.Json.Nodes;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Host.Commands;
using Kollect.Models.V1Alpha1;
using Kollect.Operator.Collection;

namespace Kollect.Host.Output;

/// <summary>The result of <c>kollect collect</c>, cluster by cluster.</summary>
internal sealed record CollectReport(Seq<ClusterReport> Clusters)
{
    /// <summary>Lines for standard error, each with its inventory.</summary>
    public Seq<string> Warnings => Clusters.Bind(it => it.Exports).Bind(it => it.Report.Warnings.Map(warning => $"{it.Inventory} to {it.Sink}: {warning}"));

    /// <summary>That of a refusal before that of a transient failure: a retry alone does not help then.</summary>
    public int ExitCode => Clusters.Bind(it => it.ExitCodes) is var all && all.Contains(Commands.ExitCode.Refused) ? Commands.ExitCode.Refused
        : all.Contains(Commands.ExitCode.TryLater) ? Commands.ExitCode.TryLater
        : Commands.ExitCode.Done;
}

/// <summary>What was collected from one cluster, and exported.</summary>
/// <param name="Server">Host and port of the API server; empty = unknown.</param>
/// <param name="Failure">Some = nothing was collected from it.</param>
internal sealed record ClusterReport(CollectContext Context, string Server, Option<Failure> Failure, Seq<TargetReport> Targets, Seq<InventoryExport> Exports)
{
    public static ClusterReport Failed(CollectContext context, string server, Failure failure) => new(context, server, failure, Empty, Empty);

    public Seq<int> ExitCodes => Join(Failure.Map(ExitCode.Of).ToSeq(), Exports.Map(it => it.ExitCode)).Strict();
}

/// <summary>One inventory through one sink.</summary>
/// <param name="Gap">Not null = some targets were not collected, and no row was deleted.</param>
internal sealed record InventoryExport(SinkName Inventory, SinkName Sink, SnapshotGate.Incomplete? Gap, ExportReport Report)
{
    public int ExitCode => Report.ExitCode == Commands.ExitCode.Done && Gap is { Cause: not IncompleteCause.Suspended }
        ? Commands.ExitCode.Refused
        : Report.ExitCode;
}

/// <summary>Prints a <see cref="CollectReport"/>, as JSON and as text.</summary>
internal static class CollectOutput
{
    // cluster east (127.0.0.1:6443)
    //   target shop/deployments: 12 objects
    //   inventory shop/all to sink shop/pg: Exported: the destination now holds exactly the snapshot
    //     items                 12
    public static IEnumerable<string> Text(CollectReport report)
    {
        foreach (var cluster in report.Clusters)
        {
            yield return $"cluster {cluster.Context.Cluster.IfNone("of the current context")}" + (cluster.Server.Length > 0 ? $" ({cluster.Server})" : "");
            foreach (var failure in cluster.Failure.ToSeq())
                yield return $"  {(failure is Failure.TryLater ? "TryLater" : "Refused")}: {failure.Message}";
            foreach (var target in cluster.Targets)
            {
                yield return $"  target {Name(target)}: " + Count(target.Status.ItemCount ?? 0);
                foreach (var condition in target.Status.Conditions.Where(IsAmiss))
                    yield return $"    {condition.Type}={condition.Status}: {condition.Message}";
            }

            foreach (var export in cluster.Exports)
            {
                var lines = ExportOutput.Text(export.Report).ToArray();
                yield return $"  inventory {export.Inventory} to sink {export.Sink}: {lines[0]}";
                if (export.Gap is { } gap)
                    yield return $"    {gap.Why}";
                foreach (var line in lines.Skip(1))
                    yield return $"  {line}";
            }
        }
    }

    public static JsonObject Json(CollectReport report)
    {
        var json = Document.Of("Collection");
        json["clusters"] = new JsonArray([.. report.Clusters.Map(it => (JsonNode)Json(it))]);
        return json;
    }

    private static JsonObject Json(ClusterReport it) => new()
    {
        ["context"] = it.Context.Name,
        ["cluster"] = it.Context.Cluster.MatchUnsafe<string?>(label => label, () => null),
        ["failure"] = it.Failure.MatchUnsafe<JsonNode?>(
            failure => new JsonObject { ["reason"] = failure is Failure.TryLater ? "TryLater" : "Refused", ["message"] = failure.Message }, () => null),
        ["targets"] = new JsonArray([.. it.Targets.Map(target => (JsonNode)Json(target))]),
        ["exports"] = new JsonArray([.. it.Exports.Map(export => (JsonNode)Json(export))]),
    };

    private static JsonObject Json(TargetReport it)
    {
        var ready = it.Status.Conditions.FirstOrDefault(condition => condition.Type == Condition.Ready);
        return new JsonObject
        {
            ["name"] = Name(it),
            ["objects"] = it.Status.ItemCount,
            ["ready"] = ready?.Status.ToString(),
            ["reason"] = ready?.Reason,
            ["message"] = ready?.Message,
        };
    }

    private static JsonObject Json(InventoryExport it) => new()
    {
        ["inventory"] = $"{it.Inventory}",
        ["sink"] = $"{it.Sink}",
        ["incomplete"] = it.Gap?.Why,
        ["export"] = ExportOutput.Json(it.Report),
    };

    private static string Count(long objects) => string.Create(CultureInfo.InvariantCulture, $"{objects:N0} object{(objects == 1 ? "" : "s")}");

    private static bool IsAmiss(KollectCondition it) =>
        it is { Type: Condition.Ready or TargetSituation.NamespacesGranted, Status: not KollectConditionStatus.True };

    private static string Name(TargetReport it) => it.Target.Namespace.Length > 0 ? $"{it.Target.Namespace}/{it.Target.Name}" : it.Target.Name;
}
