using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The steps of a plan in their order: desired, observed, diff, render.</summary>
internal static class Plan
{
    /// <summary>The state that the sink requires at <paramref name="at"/>.</summary>
    public static Desired Desire(BigQuerySink sink, TableLocation at) =>
        new(TableId.Of(at), sink.Settings.Mode) { SkipsUnchanged = sink.Settings.SkipsUnchanged(hasLedger: false) };

    /// <summary>The changes or gaps for the state <paramref name="observed"/>.</summary>
    public static ProvisioningPlan Provision(BigQuerySink sink, Desired desired, Observed observed) =>
        Diff.Between(desired, sink.DatasetLocation, observed).Match<ProvisioningPlan>(
            Right: changes => new ProvisioningPlan.Ready(changes.Map(Render.Change)),
            Left: gaps => new ProvisioningPlan.Refused(gaps.Map(Render.Explain)));

    /// <summary>The answer of <c>plan --offline</c>: the table, then the statement of every export.</summary>
    public static Seq<Statement> Offline(Desired desired, bool skipUnchanged) => Seq(
        new Statement(Render.CreateTable(desired), desired.Mode == KollectDatabaseSinkMode.Existing
            ? $"mode existing: {desired.Table} must look like this; it is checked, never created"
            : $"mode ensure: {desired.Table} is created like this when it is missing"),
        EveryExport(desired, skipUnchanged));

    /// <summary>The statement of every export, what it sends, and what is billed.</summary>
    public static ExportPreview Preview(BigQuerySink sink, Desired desired, Observed observed) => new(
        Seq1(EveryExport(desired, sink.Settings.SkipsUnchanged(hasLedger: false))),
        Join(
            Seq1(string.Create(
                CultureInfo.InvariantCulture,
                $"sends: one request with the payloads, their quotes escaped, and about {SourceRows.RowOverhead + 60} bytes more for each item: "
                + $"{ExportPreview.TypicalItems:N0} items of {ExportPreview.TypicalPayload:N0} bytes are some "
                + $"{ExportPreview.TypicalItems * (ExportPreview.TypicalPayload * 1.1 + SourceRows.RowOverhead + 60) / 1e6:F1} MB, compressed on the wire; "
                + $"above {Limits.MaxRequestBytes:N0} bytes a load job (free of charge) into a staging table")),
            Remarks.Of(desired, observed)));

    internal static Statement EveryExport(Desired desired, bool skipUnchanged) => new(
        Merge.Into(desired.Table, new RowSource.Parameter(), skipUnchanged),
        "every export: one job that replaces the rows of its scope");
}
