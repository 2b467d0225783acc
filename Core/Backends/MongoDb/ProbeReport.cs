using Kollect.Core.Exports;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The report of a MongoDB probe.</summary>
internal static class ProbeReport
{
    /// <summary>Describes the state of the destination that an export would find.</summary>
    public static ProbeResult Of(MongoDbSink sink, Desired desired, Observed observed) =>
        Plan.Provision(desired, observed) switch
        {
            ProvisioningPlan.Refused refused => new ProbeResult.Failed(Failure.Refused.Preflight(refused.Refusals)),
            ProvisioningPlan.Ready ready => new ProbeResult.Succeeded(
                "MongoDB preflight succeeded", Checked(sink, desired, observed, ready), !ready.Statements.IsEmpty),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Seq<string> Checked(MongoDbSink sink, Desired desired, Observed observed, ProvisioningPlan.Ready ready) => Join(
        Facts(sink, desired, observed, ready), Warnings.Of(desired, observed));

    private static Seq<string> Facts(MongoDbSink sink, Desired desired, Observed observed, ProvisioningPlan.Ready ready) => Seq(
        $"server: MongoDB {observed.ServerVersion}",
        observed.Privileges.IsSome
            ? "authorisation: the user's roles grant what an export needs"
            : "authorisation: the server does not enforce it, or does not tell",
        sink.Settings.Options.IsEmpty
            ? "options: none"
            : $"options: {string.Join(", ", sink.Settings.OrderedOptions.Map(option => option.Name))}",
        ready.Statements.IsEmpty
            ? $"collection: {desired.Collection} has its unique index on the identity"
            : $"collection: {string.Join(", ", ready.Statements.Map(statement => statement.Why))}; an export creates it",
        Plan.SkipsUnchanged(sink, desired, observed)
            ? "writes: unordered bulks of updates that leave equal rows alone; stale rows are deleted by key"
            : "writes: unordered bulks of replacements; stale rows are deleted by their time");
}
