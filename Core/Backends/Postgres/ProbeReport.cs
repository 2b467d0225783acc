using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The report of a PostgreSQL probe.</summary>
internal static class ProbeReport
{
    /// <summary>Describes the state of the destination that an export would find.</summary>
    public static ProbeResult Of(PostgresSink sink, Desired desired, Observed observed) =>
        Plan.Provision(desired, observed) switch
        {
            ProvisioningPlan.Refused refused => new ProbeResult.Failed(Failure.Refused.Preflight(refused.Refusals)),
            _ => new ProbeResult.Succeeded(
                "PostgreSQL preflight succeeded",
                Checked(sink, desired, observed),
                Plan.Provision(desired, observed) is ProvisioningPlan.Ready { Statements.IsEmpty: false }),
        };

    private static Seq<string> Checked(PostgresSink sink, Desired desired, Observed observed) => Join(
        Facts(sink, desired, observed), History(sink, desired, observed).ToSeq(), Warnings.Of(desired, observed));

    private static Seq<string> Facts(PostgresSink sink, Desired desired, Observed observed) => Seq(
        $"server: PostgreSQL {observed.ServerVersion}",
        sink.Settings.Options.IsEmpty
            ? "options: none"
            : $"options: accepted by the server: {string.Join(", ", sink.Settings.OrderedOptions.Map(option => option.Name))}",
        observed.Table.Match(
            _ => $"table: {desired.Table} has the columns, the identity index and the privileges"
                 + observed.CitusTable.Match(citus => $"; in Citus it is {citus}", () => ""),
            () => $"table: {desired.Table} is missing, and the role may create it"),
        Ledger(desired, observed),
        Writes(desired, observed));

    internal static string Ledger(Desired desired, Observed observed) => LedgerState.Of(desired, observed) switch
    {
        LedgerState.Ready when FreshnessState.Of(desired, observed) is FreshnessState.Missing =>
            $"ledger: {desired.Ledger.At}; its view {desired.Freshness.At} is missing, and an export creates it",
        LedgerState.Ready => $"ledger: {desired.Ledger.At}",
        LedgerState.Missing => $"ledger: {desired.Ledger.At} is missing; an export creates it",
        LedgerState.Off it => $"ledger: none, because {it.Why}",
        _ => "ledger: none, see the warning; every export compares all rows",
    };

    /// <summary>None = none is kept.</summary>
    internal static Option<string> History(PostgresSink sink, Desired desired, Observed observed) => desired.History.Map(history =>
        $"history: {history.At}{(observed.History.IsSome ? "" : " is missing; an export creates it")}; {HistoryTexts.Kept(sink.Settings.History)}");

    internal static string Writes(Desired desired, Observed observed) => desired.Mode == KollectDatabaseSinkMode.Existing
        ? "writes: batches of arrays, no DDL of any kind"
        : observed.CanCreateTemp
            ? observed.CitusTable.Match(
                citus => $"writes: batches of arrays, because Citus joins no temporary table with {desired.Table} ({citus})",
                () => "writes: a temporary staging table")
            : "writes: batches of arrays, because the role has no TEMP privilege on the database";
}
