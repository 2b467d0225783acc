using System.CommandLine;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Host.Output;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect views</c>.</summary>
internal static class ViewsCommand
{
    private static readonly Cli.Option<bool> Apply = new("--apply")
    {
        Description = "Create or replace the views. Without it the statements are printed, and nothing is connected to.",
    };

    public static Command Create()
    {
        var command = new Command(
            "views",
            """
            Print or make a view for each target: a typed column for each attribute of its profile.
            A value that is not of the type gives NULL. A view that Kollect did not make is never touched.

            Examples:
              kollect views -f profiles/ -f sink.yaml
              kollect views -f profiles/ -f sink.yaml -f secret.yaml --apply

            Exit codes: 0 done, 1 refused (each view with its remedy), 2 usage, 3 transient failure: try again.
            """)
        {
            SharedOptions.Files, SharedOptions.Recursive, SharedOptions.Sink, SharedOptions.InventoryForTemplate, Apply, SharedOptions.Output,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var workspace = await Workspace.LoadAsync(parsed, cancel);
        var chosen =
            from sinks in SinkChoice.Several(workspace, parsed.GetValue(SharedOptions.Sink))
            from views in ViewSources.Of(workspace)
            select (Sinks: sinks, Views: views);
        return await chosen.MatchAsync(
            RightAsync: async it =>
            {
                var reports = new List<ViewsReport>();
                foreach (var sink in it.Sinks)
                    reports.Add(new ViewsReport(sink, parsed.GetValue(Apply), await RunAsync(sink, it.Views, workspace, parsed, cancel)));
                Terminal.Write(
                    SharedOptions.Format(parsed),
                    () => Document.OfSinks("Views", reports.Select(ViewsOutput.Json)),
                    () => reports.SelectMany(ViewsOutput.Text));
                return reports.Max(report => report.ExitCode);
            },
            Left: reasons => Terminal.Refuse(SharedOptions.Format(parsed), reasons));
    }

    private static Task<ViewsResult> RunAsync(Sink sink, Seq<TargetView> views, Workspace workspace, ParseResult parsed, CancellationToken cancel) =>
        SharedOptions.Location(sink, parsed).MatchAsync(
            RightAsync: at => parsed.GetValue(Apply)
                ? workspace.Destinations.Open(sink, at).MatchAsync(
                    RightAsync: async destination =>
                    {
                        await using (destination)
                            return await destination.ApplyViewsAsync(views, cancel);
                    },
                    Left: failure => new ViewsResult.Failed(failure))
                : Task.FromResult<ViewsResult>(new ViewsResult.Applied(sink.OfflineViews(at, views))),
            Left: failure => new ViewsResult.Failed(failure));
}

/// <summary>The views of one sink.</summary>
/// <param name="IsApplied">False = the statements were not run.</param>
internal sealed record ViewsReport(Sink Sink, bool IsApplied, ViewsResult Result)
{
    public int ExitCode => Result switch
    {
        ViewsResult.Failed it => Commands.ExitCode.Of(it.Failure),
        ViewsResult.Applied it when it.Views.Exists(view => view.Step is ViewStep.Refused) => Commands.ExitCode.Refused,
        _ => Commands.ExitCode.Done,
    };
}
