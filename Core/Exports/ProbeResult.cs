using Kollect.Core.Failures;

namespace Kollect.Core.Exports;

/// <summary>What a probe found: it does what an export would need, and changes nothing. Closed.</summary>
public abstract record ProbeResult
{
    private ProbeResult() { }

    /// <summary>An export would find everything it needs.</summary>
    /// <param name="Message"><c>PostgreSQL preflight succeeded</c>.</param>
    /// <param name="Checked">What was looked at and found, one line each.</param>
    public sealed record Succeeded(string Message, Seq<string> Checked) : ProbeResult;

    /// <summary>An export would fail like this.</summary>
    public sealed record Failed(Failure Failure) : ProbeResult;
}

/// <summary>What a look at the destination says that provisioning would do. Closed.</summary>
public abstract record PlanResult
{
    private PlanResult() { }

    /// <summary>Facts could be observed; the plan may still be a refusal.</summary>
    /// <param name="Plan">What happens once.</param>
    /// <param name="Preview">What happens with every export.</param>
    /// <param name="Exists">The table or collection is there already.</param>
    public sealed record Planned(ProvisioningPlan Plan, ExportPreview Preview, bool Exists) : PlanResult;

    /// <summary>The destination could not be looked at.</summary>
    public sealed record Failed(Failure Failure) : PlanResult;
}
