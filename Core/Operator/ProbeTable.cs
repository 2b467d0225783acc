using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator;

/// <summary>The table that the probe of a sink reads without an inventory: its fixed table, or one rendered from the naming template.</summary>
internal static class ProbeTable
{
    private const string SampleNamespace = "sample";
    private const string SampleName = "inventory";

    /// <summary>The fixed name, or the template rendered for a made-up inventory. Left = it renders to no valid name.</summary>
    public static Either<Failure, TableLocation> Of(Sink sink) =>
        Naming.LocationOf(sink, new Scope(SampleNamespace, SampleName, sink.Settings.Cluster)).MapLeft<Failure>(why => new Failure.Refused(why));

    /// <summary>
    /// The probe of a sink with a template: the server is reached and the options are accepted; a finding about the made-up table
    /// counts only as far as it holds for any table.
    /// </summary>
    public static ProbeResult ResultOf(Sink sink, PlanResult result) => result.Objection
        // Mode existing: the made-up table is missing, and the tables of real inventories may exist.
        .Filter(_ => result is PlanResult.Failed || sink.Settings.Mode == KollectDatabaseSinkMode.Ensure)
        .Match<ProbeResult>(
            failure => new ProbeResult.Failed(failure),
            () => new ProbeResult.Succeeded(
                $"{sink.BackendName} preflight succeeded",
                Join(
                    Seq1($"table: named by the template {Naming.Unrendered(sink).Table}, checked with each export"),
                    Warnings(result))));

    // What is said of a table that does not exist is said of all of them, as of the ledger beside them.
    private static Seq<string> Warnings(PlanResult result) => result is PlanResult.Planned { Exists: false } planned
        ? planned.Preview.Remarks.Filter(line => line.StartsWith("warning: ", StringComparison.Ordinal))
        : Empty;
}
