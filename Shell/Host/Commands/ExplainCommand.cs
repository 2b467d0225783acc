using System.CommandLine;
using Kollect.Core.Explanations;
using Kollect.Core.Formatting;
using Kollect.Host.Output;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect explain</c>.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string?> Wanted = new("NAME")
    {
        Description = "An id, reason, condition, option, annotation, column or metric; default: list all of them.",
        HelpName = "NAME",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static Seq<Topic> Known => Join(Topics.All, MetricTopics.All);

    public static Command Create()
    {
        var command = new Command(
            "explain",
            """
            Explain a name in a message, a status or a manifest.
            It says what the name means, with an example and what to do, and connects to nothing.

            Examples:
              kollect explain KDB040
              kollect explain ExportRefused
              kollect explain skip_unchanged
              kollect explain kollect_leader
              kollect explain

            Exit codes: 0 explained, 2 usage or unknown name.
            """)
        {
            Wanted, SharedOptions.Output,
        };
        Wanted.CompletionSources.Add(_ => Known.Map(topic => topic.Name).Distinct().Map(name => new Cli.Completions.CompletionItem(name)));
        command.SetAction(parsed => Run(parsed.GetValue(Wanted), SharedOptions.Format(parsed)));
        return command;
    }

    private static int Run(string? wanted, OutputFormat format)
    {
        var topics = wanted is null ? Known : Topics.Find(Known, wanted);
        if (topics.IsEmpty)
        {
            var near = Topics.Nearest(Known, wanted!).Match(near => $"; did you mean {near}?", () => "");
            return Terminal.Fail(format, "Usage", ExitCode.Usage, Seq1($"nothing is called {Shown.Quoted(wanted!)}{near}"), "See: kollect explain");
        }

        Terminal.Write(
            format,
            () => ExplainOutput.Json(topics),
            () => wanted is null ? ExplainOutput.List(topics) : ExplainOutput.Text(topics));
        return ExitCode.Done;
    }
}
