using Kollect.Core.Provisioning;
using Kollect.Core.Sinks;

namespace Kollect.Core.BigQuery;

/// <summary>The four verbs in a row: desired, observed, diff, render.</summary>
public static class Plan
{
    /// <summary>Where the sink writes; <paramref name="table"/> is the rendered name of table or naming template.</summary>
    public static Desired Desire(Sink.BigQuery sink, string table) =>
        new(new TableId(sink.Project, sink.Dataset, table), sink.Settings.Mode);

    /// <summary>What provisioning does about <paramref name="observed"/>.</summary>
    public static ProvisioningPlan Provision(Sink.BigQuery sink, Desired desired, Observed observed) =>
        Diff.Between(desired, sink.Location, observed).Match<ProvisioningPlan>(
            Right: changes => new ProvisioningPlan.Ready(changes.Map(Render.Change)),
            Left: gaps => new ProvisioningPlan.Refused(gaps.Map(Render.Explain)));

    /// <summary>The answer of <c>plan --offline</c>: the table, then the statement of every export.</summary>
    public static Seq<Statement> Offline(Desired desired, bool skipUnchanged) => Seq(
        new Statement(Render.CreateTable(desired), desired.Mode == ProvisioningMode.Existing
            ? $"mode existing: {desired.Table} must look like this; it is checked, never created"
            : $"mode ensure: {desired.Table} is created like this when it is missing"),
        EveryExport(desired, skipUnchanged));

    internal static Statement EveryExport(Desired desired, bool skipUnchanged) => new(
        Merge.Into(desired.Table, new RowSource.Parameter(), skipUnchanged),
        "every export: one job that replaces the rows of its scope");
}
