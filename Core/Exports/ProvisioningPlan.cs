using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Core.Exports;

/// <summary>What provisioning will do, or every reason why it may not. Closed.</summary>
public abstract record ProvisioningPlan
{
    private ProvisioningPlan() { }

    /// <summary>Run these in order; empty = the destination is ready.</summary>
    public sealed record Ready(Seq<Statement> Statements) : ProvisioningPlan;

    /// <summary>All gaps of one look; nothing may be written.</summary>
    public sealed record Refused(Seq<Refusal> Refusals) : ProvisioningPlan;
}
