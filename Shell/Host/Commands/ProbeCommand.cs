using System.CommandLine;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;
using Kollect.Host.Output;

namespace Kollect.Host.Commands;

/// <summary><c>kollect probe</c>.</summary>
internal static class ProbeCommand
{
    public static Command Create()
    {
        var command = new Command(
            "probe",
            """
            Connect and check everything that an export needs; change nothing.
            At most 15 s for each sink.

            Examples:
              kollect probe -f sink.yaml -f secret.yaml
              kollect probe -f manifests/ --sink platform/warehouse -o json

            Exit codes: 0 ready, 1 refused, 2 usage, 3 transient failure: try again.
            """)
        {
            SharedOptions.Files, SharedOptions.Recursive, SharedOptions.Sink, SharedOptions.InventoryForTemplate, SharedOptions.Output,
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
                var probes = new List<(SinkSettings Sink, ProbeResult Result)>();
                foreach (var sink in sinks)
                    probes.Add((sink.Settings, await ProbeAsync(sink, workspace, parsed, cancel)));
                Terminal.Write(
                    SharedOptions.Format(parsed),
                    () => Document.OfSinks("Probe", probes.Select(it => ProbeOutput.Json(it.Sink, it.Result))),
                    () => probes.SelectMany(it => ProbeOutput.Text(it.Sink, it.Result)));
                return probes.Max(it => it.Result is ProbeResult.Failed failed ? ExitCode.Of(failed.Failure) : ExitCode.Done);
            },
            Left: reasons => Terminal.Refuse(SharedOptions.Format(parsed), reasons));
    }

    private static Task<ProbeResult> ProbeAsync(Sink sink, Workspace workspace, ParseResult parsed, CancellationToken cancel) =>
        SharedOptions.Location(sink, parsed).Bind(at => workspace.Destinations.Open(sink, at)).MatchAsync(
            RightAsync: async destination =>
            {
                await using (destination)
                    return await destination.ProbeAsync(cancel);
            },
            Left: failure => new ProbeResult.Failed(failure));
}
