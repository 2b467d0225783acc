using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Core.Exports;

/// <summary>The statements of provisioning, or all gaps that prevent it. Closed.</summary>
internal abstract record ProvisioningPlan
{
    private ProvisioningPlan() { }

    /// <summary>Run these in order; empty = the destination is ready.</summary>
    public sealed record Ready(Seq<Statement> Statements) : ProvisioningPlan;

    /// <summary>All gaps of one observation; nothing may be written.</summary>
    public sealed record Refused(Seq<Refusal> Refusals) : ProvisioningPlan;
}
