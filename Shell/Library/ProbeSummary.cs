using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;

namespace Kollect.Shell;

/// <summary>Whether an export would find everything that it needs. Nothing was changed.</summary>
public sealed record ProbeSummary
{
    private ProbeSummary()
    {
    }

    /// <summary>True = an export can begin.</summary>
    public bool IsReady { get; private init; }

    /// <summary>True = the failure may pass by itself, so that another attempt is worth while.</summary>
    public bool IsTransient { get; private init; }

    /// <summary>One line.</summary>
    public required string Message { get; init; }

    /// <summary>The checks that succeeded, one line each; empty where one failed.</summary>
    public IReadOnlyList<string> Checked { get; private init; } = [];

    /// <summary>What is missing in the destination, each with its remedy; empty for other failures.</summary>
    public IReadOnlyList<Refusal> Gaps { get; private init; } = [];

    internal static ProbeSummary Of(ProbeResult result) => result switch
    {
        ProbeResult.Succeeded it => new ProbeSummary { IsReady = true, Message = it.Message, Checked = [.. it.Checked] },
        ProbeResult.Failed { Failure: Failure.Refused it } => new ProbeSummary { Message = it.Message, Gaps = [.. it.Gaps] },
        ProbeResult.Failed { Failure: Failure.TryLater it } => new ProbeSummary { IsTransient = true, Message = it.Message },
        _ => throw new UnreachableException(),
    };
}
