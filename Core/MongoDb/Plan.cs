using Kollect.Core.Provisioning;
using Kollect.Core.Sinks;

namespace Kollect.Core.MongoDb;

/// <summary>The four verbs in a row: desired, observed, diff, render.</summary>
public static class Plan
{
    /// <summary>Where the sink writes; <paramref name="collection"/> is the rendered name of collection or naming template.</summary>
    public static Desired Desire(Sink.MongoDb sink, string collection) =>
        new(new Namespace(sink.Database, collection), sink.Settings.Mode);

    /// <summary>What provisioning does about <paramref name="observed"/>.</summary>
    public static ProvisioningPlan Provision(Desired desired, Observed observed) =>
        Diff.Between(desired, observed).Match<ProvisioningPlan>(
            Right: changes => new ProvisioningPlan.Ready(changes.Map(Render.Change)),
            Left: gaps => new ProvisioningPlan.Refused(gaps.Map(Render.Explain)));

    /// <summary>The answer of <c>plan --offline</c>, as a script for <c>mongosh</c>.</summary>
    public static Statement Offline(Desired desired) =>
        new(Render.Script(desired.Collection), desired.Mode == ProvisioningMode.Existing
            ? $"mode existing: collection {desired.Collection} and a unique index on the identity must exist; they are checked, never created"
            : $"mode ensure: collection {desired.Collection} and its unique index {Desired.IdentityIndex} are created like this when missing");
}
