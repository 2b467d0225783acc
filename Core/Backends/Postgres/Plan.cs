using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The steps of a plan in their order: desired, observed, diff, render.</summary>
internal static class Plan
{
    /// <summary>The state that the sink requires at <paramref name="at"/>.</summary>
    public static Desired Desire(PostgresSink sink, TableLocation at)
    {
        var table = TableName.Of(at);
        return new Desired(table, sink.Settings.Mode)
        {
            KeepsLedger = sink.Settings.Ledger.IsKept,
            History = sink.Settings.History.IsKept ? Some(new History(table)) : None,
        };
    }

    /// <summary>The changes or gaps for the state <paramref name="observed"/>.</summary>
    public static ProvisioningPlan Provision(Desired desired, Observed observed) =>
        Diff.Between(desired, observed).Match<ProvisioningPlan>(
            Right: changes => new ProvisioningPlan.Ready(changes.Map(Render.Change)),
            Left: gaps => new ProvisioningPlan.Refused(gaps.Map(Render.Explain)));

    /// <summary>The statements that create the ledger and its view; empty = they are there, or exports work without them.</summary>
    public static Seq<Statement> CreateLedger(Desired desired, Observed observed) => Diff.OfLedger(desired, observed).Map(Render.Change);

    /// <summary>The statements and the volume of an export.</summary>
    public static ExportPreview Preview(PostgresSink sink, Desired desired, Observed observed) => new(
        Empty,
        Join(Remarks(sink, desired, observed), Warnings.Of(desired, observed)));

    private static Seq<string> Remarks(PostgresSink sink, Desired desired, Observed observed) => Join(
        Always(sink, desired, observed),
        ProbeReport.History(sink, desired, observed).ToSeq());

    private static Seq<string> Always(PostgresSink sink, Desired desired, Observed observed) => Seq(
        string.Create(
            CultureInfo.InvariantCulture,
            $"sends: the payloads and about 100 bytes more for each item, in one transaction: {ExportPreview.TypicalItems:N0} items "
            + $"of {ExportPreview.TypicalPayload:N0} bytes are some "
            + $"{ExportPreview.TypicalItems * (ExportPreview.TypicalPayload + 100) / 1e6:F1} MB"),
        ProbeReport.Writes(desired, observed),
        ProbeReport.Ledger(desired, observed),
        sink.Settings.SkipsUnchanged(LedgerState.Of(desired, observed).IsKept)
            ? "writes: only rows that changed" + (LedgerState.Of(desired, observed).IsKept ? "" : ", and one row for the time of the snapshot")
            : "writes: every row, for its time (options.skip_unchanged leaves equal ones alone)");

    /// <summary>
    /// The changes of provisioning if nothing existed yet and everything were allowed: the answer of <c>plan --offline</c>.
    /// In mode <c>existing</c> it is what the administrator has to create.
    /// </summary>
    public static Seq<Statement> Offline(Desired desired)
    {
        var isExisting = desired.Mode == KollectDatabaseSinkMode.Existing;
        var table = Render.Change(new PostgresChange.CreateTable(desired.Table)) with
        {
            Why = isExisting
                ? $"mode existing: {desired.Table} must look like this; it is checked, never created"
                : $"mode ensure: {desired.Table} is created like this when it is missing",
        };
        var ledger = Render.Change(new PostgresChange.CreateLedger(desired.Ledger)) with
        {
            Why = isExisting
                ? $"mode existing: exports use {desired.Ledger.At}, their ledger, where it is there and looks like this; it is never created"
                : $"mode ensure: {desired.Ledger.At}, the ledger of exports, is created like this when it is missing and the role may create it",
        };
        var freshness = Render.Change(new PostgresChange.CreateFreshness(desired.Freshness)) with
        {
            Why = isExisting
                ? $"mode existing: {desired.Freshness.At} shows how fresh the rows are; exports do not need it, and never create it"
                : $"mode ensure: {desired.Freshness.At} is created like this when it is missing and the role may create it",
        };
        return Join(
            Seq1(table),
            desired.KeepsLedger ? Seq(ledger, freshness) : Empty,
            desired.History.Map(it => HistoryDiff.Offline(it, isExisting)).IfNone(Empty));
    }
}
