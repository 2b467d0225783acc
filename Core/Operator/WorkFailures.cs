using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>The failures of exports and removals without an answer of the destination.</summary>
internal static class WorkFailures
{
    /// <summary>The work was cancelled at its time limit.</summary>
    /// <param name="stage">The step that the limit ended.</param>
    public static Failure TookTooLong(TimeSpan limit, Stage stage) => new Failure.TryLater(
        FailureLine.Of(
            stage,
            $"the export was not finished within {GoDuration.Format(limit)}, so it was broken off",
            "it is tried again; see what the server is busy with, or ask the administrator of the operator for a longer export timeout"),
        Waits.Soon);

    /// <summary>Neither a sink nor what the last export used can reach the rows.</summary>
    public static Failure NoSink(SinkName sink) => new Failure.Refused($"secret: sink {sink} does not exist") { IsOfSecret = true };

    /// <summary>The work failed with an unexpected exception.</summary>
    public static Failure OfDefect(string type) => new Failure.TryLater(
        $"export: a defect of this program ({type}), logged with its place by the operator — please report it; it is tried again",
        Waits.Soon);
}
