using Kollect.Core.Failures;

namespace Kollect.Core.Exports;

/// <summary>One step of a provisioning plan.</summary>
/// <param name="Sql">Sent to the server as it is; identifiers are already quoted.</param>
/// <param name="Why">One line for the log and for status.preview, e.g. "column cluster is missing".</param>
public sealed record Statement(string Sql, string Why);

/// <summary>What provisioning will do, or every reason why it may not. Closed.</summary>
public abstract record ProvisioningPlan
{
    private ProvisioningPlan() { }

    /// <summary>Run these in order; empty = the destination is ready.</summary>
    public sealed record Ready(Seq<Statement> Statements) : ProvisioningPlan;

    /// <summary>All gaps of one look; nothing may be written.</summary>
    public sealed record Refused(Seq<Refusal> Refusals) : ProvisioningPlan;
}
