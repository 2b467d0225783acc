using System.CommandLine;
using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Host.Output;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect plan</c>.</summary>
internal static class PlanCommand
{
    private static readonly Cli.Option<bool> Offline = new("--offline")
    {
        Description = "Connect to nothing: show what the destination must look like. All three backends.",
    };

    public static Command Create()
    {
        var command = new Command(
            "plan",
            """
            Show what would be provisioned and why, with the exact text; change nothing.

            Examples:
              kollect plan -f sink.yaml -f secret.yaml
              kollect plan -f sink.yaml --offline

            Exit codes: 0 planned, 1 refused (every gap with its remedy), 2 usage, 3 transient failure: try again.
            """)
        {
            SharedOptions.Files, SharedOptions.Recursive, SharedOptions.Sink, SharedOptions.InventoryForTemplate, Offline, SharedOptions.Output,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var workspace = await Workspace.LoadAsync(parsed, cancel);
        return await SinkChoice.Several(workspace, parsed.GetValue(SharedOptions.Sink)).MatchAsync(
            RightAsync: async sinks =>
            {
                var plans = new List<SinkPlan>();
                foreach (var sink in sinks)
                    plans.Add(parsed.GetValue(Offline) ? PlanOffline(sink, parsed) : await PlanAsync(sink, workspace, parsed, cancel));
                Terminal.Write(
                    SharedOptions.Format(parsed),
                    () => Document.OfSinks("Plan", plans.Select(PlanOutput.Json)),
                    () => plans.SelectMany(PlanOutput.Text));
                return plans.Max(plan => plan.ExitCode);
            },
            Left: reasons => Terminal.Refuse(SharedOptions.Format(parsed), reasons));
    }

    private static SinkPlan PlanOffline(Sink sink, ParseResult parsed) =>
        new(sink.Settings, new ProvisioningPlan.Ready(sink.OfflinePlan(SharedOptions.LocationOrTemplate(sink, parsed))), SinkPlan.NoPreview, None);

    private static async Task<SinkPlan> PlanAsync(Sink sink, Workspace workspace, ParseResult parsed, CancellationToken cancel)
    {
        var opened = SharedOptions.Location(sink, parsed).Bind(at => workspace.Destinations.Open(sink, at));
        return await opened.MatchAsync(
            RightAsync: async destination =>
            {
                await using (destination)
                    return await destination.PlanAsync(cancel) switch
                    {
                        PlanResult.Planned it => new SinkPlan(sink.Settings, it.Plan, it.Preview, None),
                        PlanResult.Failed it => SinkPlan.Failed(sink, it.Failure),
                        _ => throw new UnreachableException(),
                    };
            },
            Left: failure => SinkPlan.Failed(sink, failure));
    }
}

/// <summary>The plan for one sink.</summary>
/// <param name="Plan">Empty where <paramref name="Failure"/> is set.</param>
/// <param name="Preview">Statements and remarks of every export; empty offline.</param>
/// <param name="Failure">Why there is no plan; None = there is one.</param>
internal sealed record SinkPlan(SinkSettings Sink, ProvisioningPlan Plan, ExportPreview Preview, LanguageExt.Option<Failure> Failure)
{
    public static ExportPreview NoPreview { get; } = new(Empty, Empty);

    public static SinkPlan Failed(Sink sink, Failure failure) => new(sink.Settings, new ProvisioningPlan.Ready(Empty), NoPreview, failure);

    public int ExitCode => Failure.Match(
        failure => Commands.ExitCode.Of(failure),
        () => Plan is ProvisioningPlan.Refused ? Commands.ExitCode.Refused : Commands.ExitCode.Done);
}
