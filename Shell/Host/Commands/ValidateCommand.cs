using System.CommandLine;
using System.Text.Json.Nodes;
using Kollect.Core.Manifests;
using Kollect.Host.Output;

namespace Kollect.Host.Commands;

/// <summary><c>kollect validate</c>.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var command = new Command(
            "validate",
            """
            List every problem and warning of manifests, each with file and line; connect to nothing.
            The manifests are those of kollect.dev: sinks, inventories, profiles, targets. Where the files hold the Secrets of a sink, their keys
            must be usable, too.

            Examples:
              kollect validate -f manifests/
              kollect init postgres | kollect validate -f -

            Exit codes: 0 all valid (warnings allowed), 1 problems found, 2 usage.
            """)
        {
            SharedOptions.Files, SharedOptions.Recursive, SharedOptions.Output,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var workspace = await WithProblemsOfSecretsAsync(
            WithWarningWhereNothingIsOurs(await Workspace.LoadAsync(parsed, cancel), parsed.GetValue(SharedOptions.Files)!));
        Terminal.Write(SharedOptions.Format(parsed), () => Json(workspace), () => Text(workspace));
        return workspace.Problems.IsEmpty ? ExitCode.Done : ExitCode.Refused;
    }

    // A wrong folder or a template that renders nothing would otherwise pass as valid.
    private static Workspace WithWarningWhereNothingIsOurs(Workspace workspace, string[] files) =>
        workspace.Sinks.IsEmpty && workspace.Others.IsEmpty && workspace.Problems.IsEmpty
            ? workspace with
            {
                Doubtful = workspace.Doubtful.Add(new Finding(
                    string.Join(", ", files),
                    0,
                    "",
                    "",
                    $"no object of kollect.dev is among the manifests, so nothing was validated; known are {KnownKinds.Names}")),
            }
            : workspace;

    private static async Task<Workspace> WithProblemsOfSecretsAsync(Workspace workspace)
    {
        var sinks = new List<SinkDocument>();
        foreach (var document in workspace.Sinks)
        {
            var problem = await document.Sink.MatchAsync(Some: workspace.SecretProblemAsync, None: () => LanguageExt.Option<string>.None);
            sinks.Add(document with { Problems = Join(document.Problems, problem.Map(why => new Finding(document.File, document.Line, "", "", why)).ToSeq()) });
        }

        return workspace with { Sinks = sinks.ToSeq() };
    }

    private static IEnumerable<TextLine> Text(Workspace workspace) =>
    [
        .. workspace.Problems.Map(problem => new TextLine("", "error", ConsoleColor.Red, $"   {problem}")),
        .. workspace.Warnings.Map(warning => new TextLine("", "warning", ConsoleColor.Yellow, $" {warning}")),
        Summary(workspace),
    ];

    private static string Summary(Workspace workspace) =>
        $"{Count(workspace.Sinks.Count, "sink")}, "
        + (workspace.Others.IsEmpty ? "" : $"{Count(workspace.Others.Count, "other object")} of kollect.dev, ")
        + $"{Count(workspace.Secrets.Count, "Secret")}: "
        + $"{Count(workspace.Problems.Count, "problem")}, {Count(workspace.Warnings.Count, "warning")}"
        + (workspace.Ignored.IsEmpty ? "" : $"; not looked at: {string.Join(", ", workspace.Ignored.Take(5))}");

    private static string Count(int count, string noun) => FormattableString.Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");

    private static JsonObject Json(Workspace workspace)
    {
        var json = Document.Of("Validation");
        json["valid"] = workspace.Problems.IsEmpty;
        json["sinks"] = workspace.Sinks.Count;
        json["others"] = workspace.Others.Count;
        json["problems"] = Json(workspace.Problems);
        json["warnings"] = Json(workspace.Warnings);
        return json;
    }

    private static JsonArray Json(Seq<Finding> findings) => new([.. findings.Map(finding => (JsonNode)new JsonObject
    {
        ["file"] = finding.File,
        ["line"] = finding.Line,
        ["id"] = finding.Id,
        ["path"] = finding.Path,
        ["message"] = finding.Message,
    })]);
}
