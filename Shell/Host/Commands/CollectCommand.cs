using System.CommandLine;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Host.Output;
using Kollect.Operator.Collection;
using Kollect.Operator.Kubernetes.Config;
using Kollect.Operator.Kubernetes.Transport;
using Kollect.Shell.Exports;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect collect</c>.</summary>
internal static class CollectCommand
{
    private const string SinkWithoutLabel = "KDB505";

    private static readonly Cli.Option<string[]> Contexts = new("--context")
    {
        Description = "Contexts of the kubeconfig, separated by commas; may be repeated. The rows of each carry its name as the cluster label, or what "
            + "stands after =. Default: the current context, with the label of the sink (spec.cluster).",
        HelpName = "NAME[=CLUSTER]",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Cli.Option<string?> Namespace = SharedOptions.Checked(new Cli.Option<string?>("--namespace", "-n")
    {
        Description = "Only the targets and inventories of this namespace; the API server is then asked for nothing outside of it.",
        HelpName = "NAME",
    }, FlagRules.Namespace);

    private static readonly Cli.Option<bool> AcrossNamespaces = new("--targets-across-namespaces")
    {
        Description = "Let a KollectTarget collect from every namespace, and objects without one, as the flag of the operator does.",
    };

    private static readonly Cli.Option<bool> DryRun = new("--dry-run")
    {
        Description = "Collect, print the counts that the exports would give, and change nothing.",
    };

    private static readonly Cli.Option<string> Limit = new("--timeout")
    {
        Description = "The longest time for collecting from one cluster, 1s to 24h.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "5m",
    };

    public static Command Create()
    {
        var command = new Command(
            "collect",
            """
            Collect from clusters once and export, without an operator.
            Profiles, targets, inventories, sinks and their Secrets come from files, the objects from the API servers, which are only read.

            Examples:
              kollect collect -f manifests/
              kollect collect -f manifests/ --context east,west --dry-run
              kollect collect -f manifests/ --context arn:aws:eks:eu-west-1:1234:cluster/shop=shop

            Exit codes: 0 done or superseded, 1 refused, invalid, or a target could not be collected, 2 usage, 3 transient failure: try again.
            """)
        {
            SharedOptions.Files, SharedOptions.Recursive, Contexts, ClusterOptions.Kubeconfig, Namespace, AcrossNamespaces, DryRun, Limit,
            SharedOptions.Output,
        };
        Contexts.Validators.Add(result =>
        {
            foreach (var problem in CollectContext.Problems(CollectContext.Parse(result.GetValueOrDefault<string[]>() ?? [])))
                result.AddError($"--context: {problem}");
        });
        Limit.Validators.Add(result =>
        {
            if (!GoDuration.Parse(result.GetValueOrDefault<string>() ?? "").Exists(it => it >= TimeSpan.FromSeconds(1) && it <= TimeSpan.FromHours(24)))
                result.AddError($"--timeout {Shown.Quoted(result.GetValueOrDefault<string>() ?? "")} is no duration from 1s to 24h; write for instance 5m");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (workspace, format) = (await Workspace.LoadAsync(parsed, cancel), SharedOptions.Format(parsed));
        return await CollectPlan.Of(workspace, Optional(parsed.GetValue(Namespace))).MatchAsync(
            RightAsync: async plan =>
            {
                var hasLabels = CollectContext.Parse(parsed.GetValue(Contexts) ?? []).ForAll(it => it.Cluster.IsSome);
                foreach (var warning in workspace.Warnings.Filter(it => !hasLabels || it.Id != SinkWithoutLabel))
                    Terminal.Error($"warning {warning}");
                var report = new CollectReport(await ExportBar.RunAsync(progress => CollectAsync(plan, workspace, parsed, progress, cancel)));
                report.Warnings.Iter(Terminal.Error);
                Terminal.Write(format, () => CollectOutput.Json(report), () => CollectOutput.Text(report));
                return report.ExitCode;
            },
            Left: reasons => Terminal.Refuse(format, reasons));
    }

    private static async Task<Seq<ClusterReport>> CollectAsync(
        CollectPlan plan, Workspace workspace, ParseResult parsed, IProgress<ExportProgress> progress, CancellationToken cancel)
    {
        var reports = Seq<ClusterReport>();
        foreach (var context in CollectContext.Parse(parsed.GetValue(Contexts) ?? []))
            reports = reports.Add(await CollectAsync(context, plan, workspace, parsed, progress, cancel));
        return reports;
    }

    private static async Task<ClusterReport> CollectAsync(
        CollectContext context, CollectPlan plan, Workspace workspace, ParseResult parsed, IProgress<ExportProgress> progress, CancellationToken cancel)
    {
        try
        {
            var config = KubernetesConfig.Load(parsed.GetValue(ClusterOptions.Kubeconfig), context.Name);
            using var api = KubernetesApi.Connect(config, TimeProvider.System);
            var collector = new ClusterCollector(
                api, workspace.Objects, parsed.GetValue(Namespace) ?? "", parsed.GetValue(AcrossNamespaces), TimeProvider.System);
            var limit = GoDuration.Parse(parsed.GetValue(Limit)!).IfNone(TimeSpan.Zero);
            var collected = await collector.CollectAsync(
                plan.Inventories, limit, waiting => progress.Report(new ExportProgress(0, 0, context.Says(waiting))), cancel);
            return await collected.MatchAsync(
                RightAsync: async it =>
                {
                    var exports = await ExportAsync(context, it, plan, workspace.Destinations, parsed.GetValue(DryRun), progress, cancel);
                    return new ClusterReport(context, config.Server.Authority, None, it.Targets, exports);
                },
                Left: failure => ClusterReport.Failed(context, config.Server.Authority, failure));
        }
        catch (KubernetesConfigException wrong)
        {
            return ClusterReport.Failed(context, "", new Failure.Refused(wrong.Message));
        }
    }

    private static async Task<Seq<InventoryExport>> ExportAsync(
        CollectContext context,
        CollectedCluster collected,
        CollectPlan plan,
        IDestinations destinations,
        bool dryRun,
        IProgress<ExportProgress> progress,
        CancellationToken cancel)
    {
        var exports = Seq<InventoryExport>();
        foreach (var (inventory, snapshot) in collected.Inventories)
            foreach (var (name, sink) in plan.SinksOf(inventory))
            {
                var header = new SnapshotHeader(
                    new Scope(inventory.RowNamespace, inventory.Settings.Name, context.Cluster.IfNone(sink.Settings.Cluster)),
                    Envelope.WholeMilliseconds(collected.At),
                    None,
                    snapshot.Gate is SnapshotGate.Complete)
                {
                    Content = new ContentStamp(snapshot.Content.Checksum, snapshot.Content.Count),
                    Exporter = $"kollect collect on {Environment.MachineName}",
                };
                var said = new Relabelled(progress, doing => context.Says($"{inventory.RowNamespace}/{inventory.Settings.Name} to {name}: {doing}"));
                var result = await SnapshotExport.RunAsync(destinations, sink, header, snapshot.Content.Items, dryRun, said, cancel);
                exports = exports.Add(new InventoryExport(
                    new SinkName(inventory.RowNamespace, inventory.Settings.Name), name, snapshot.Gate as SnapshotGate.Incomplete,
                    ExportReport.Of(result, DateTimeOffset.UtcNow)));
            }

        return exports;
    }

    private sealed class Relabelled(IProgress<ExportProgress> progress, Func<string, string> label) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => progress.Report(value with { Doing = label(value.Doing) });
    }
}
