using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Shell;

/// <summary>What an export would create in the destination, and what it would run each time. Nothing was changed.</summary>
public sealed record PlanSummary
{
    private PlanSummary()
    {
    }

    /// <summary>True = an export can begin, and runs <see cref="Statements"/> first.</summary>
    public bool IsReady => Failure is null;

    /// <summary>Why no export can begin, in one line; null = one can.</summary>
    public string? Failure { get; private init; }

    /// <summary>True = the failure may pass by itself, so that another attempt is worth while.</summary>
    public bool IsTransient { get; private init; }

    /// <summary>In their order, each with its reason; empty = nothing is missing.</summary>
    public IReadOnlyList<Statement> Statements { get; private init; } = [];

    /// <summary>The statements of each export, for a review of permissions; empty where they depend on the snapshot.</summary>
    public IReadOnlyList<Statement> EveryExport { get; private init; } = [];

    /// <summary>What an export sends and costs, one line each.</summary>
    public IReadOnlyList<string> Remarks { get; private init; } = [];

    /// <summary>What is missing in the destination, each with its remedy; empty for other failures.</summary>
    public IReadOnlyList<Refusal> Gaps { get; private init; } = [];

    internal static PlanSummary Of(PlanResult result) => result switch
    {
        PlanResult.Planned { Plan: ProvisioningPlan.Ready plan } it => new PlanSummary
        {
            Statements = [.. plan.Statements],
            EveryExport = [.. it.Preview.Statements],
            Remarks = [.. it.Preview.Remarks],
        },
        PlanResult.Planned { Plan: ProvisioningPlan.Refused it } => Of(Core.Failures.Failure.Refused.Preflight(it.Refusals)),
        PlanResult.Failed it => Of(it.Failure),
        _ => throw new UnreachableException(),
    };

    private static PlanSummary Of(Failure failure) => new()
    {
        Failure = failure.Message,
        IsTransient = failure is Core.Failures.Failure.TryLater,
        Gaps = failure is Core.Failures.Failure.Refused refused ? [.. refused.Gaps] : [],
    };
}
