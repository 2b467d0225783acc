using Kollect.Core.Provisioning;
using Kollect.Core.Sinks;

namespace Kollect.Core.BigQuery;

/// <summary>What a BigQuery sink would run, without a look at the server.</summary>
public static class Plan
{
    /// <summary>Where the sink writes; <paramref name="table"/> is the rendered name of table or naming template.</summary>
    public static Desired Desire(Sink.BigQuery sink, string table) =>
        new(new TableId(sink.Project, sink.Dataset, table), sink.Settings.Mode);

    /// <summary>The answer of <c>plan --offline</c>: the table, then the statement of every export.</summary>
    public static Seq<Statement> Offline(Desired desired, bool skipUnchanged) => Seq(
        new Statement(Render.CreateTable(desired), desired.Mode == ProvisioningMode.Existing
            ? $"mode existing: {desired.Table} must look like this; it is checked, never created"
            : $"mode ensure: {desired.Table} is created like this when it is missing"),
        new Statement(Merge.Into(desired.Table, skipUnchanged).Sql, "every export: one job that replaces the rows of its scope"));
}
