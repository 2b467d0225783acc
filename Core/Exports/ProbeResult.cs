using Kollect.Core.Failures;
using Kollect.Core.Formatting;

namespace Kollect.Core.Exports;

/// <summary>The result of a probe, which checks the requirements of an export and changes nothing. Closed.</summary>
internal abstract record ProbeResult
{
    private ProbeResult() { }

    /// <summary>An export would find everything it needs.</summary>
    /// <param name="Message"><c>PostgreSQL preflight succeeded</c>.</param>
    /// <param name="Checked">The checks that succeeded, one line each.</param>
    /// <param name="IsProvisional">True = the first export creates the table or collection, and changes what was found by that.</param>
    public sealed record Succeeded(string Message, Seq<string> Checked, bool IsProvisional = false) : ProbeResult
    {
        /// <inheritdoc/>
        public Seq<string> Checked { get; } = Checked.Map(Shown.Plain).Strict();
    }

    /// <summary>An export would fail like this.</summary>
    public sealed record Failed(Failure Failure) : ProbeResult;
}

/// <summary>The provisioning plan for an observed destination. Closed.</summary>
internal abstract record PlanResult
{
    private PlanResult() { }

    /// <summary>Why no export can begin; None = one can.</summary>
    public Option<Failure> Objection => this switch
    {
        Failed it => it.Failure,
        Planned { Plan: ProvisioningPlan.Refused it } => Failure.Refused.Preflight(it.Refusals),
        _ => None,
    };

    /// <summary>Facts could be observed; the plan may still be a refusal.</summary>
    /// <param name="Plan">The provisioning plan, which runs once.</param>
    /// <param name="Preview">The preview of each export.</param>
    /// <param name="Exists">The table or collection exists.</param>
    public sealed record Planned(ProvisioningPlan Plan, ExportPreview Preview, bool Exists) : PlanResult;

    /// <summary>The destination could not be observed.</summary>
    public sealed record Failed(Failure Failure) : PlanResult;
}
