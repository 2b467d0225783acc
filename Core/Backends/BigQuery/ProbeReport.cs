using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The report of a BigQuery probe, and the statement that the service checks for it.</summary>
internal static class ProbeReport
{
    /// <summary>The header of no inventory: the statement is checked and does not run.</summary>
    public static SnapshotHeader Header { get; } = new(new Scope("", "", ""), DateTimeOffset.UnixEpoch, None);

    /// <summary>Without the table the MERGE cannot be checked: then only the right to run jobs is.</summary>
    public static string Statement(Desired desired, Observed observed, bool skipUnchanged) => observed.Table.IsSome
        ? Merge.Into(desired.Table, new RowSource.Parameter(), skipUnchanged)
        : "SELECT 1;";

    /// <summary>Describes the state of the destination that an export would find.</summary>
    public static ProbeResult Of(BigQuerySink sink, Desired desired, Observed observed) =>
        Plan.Provision(sink, desired, observed) switch
        {
            ProvisioningPlan.Refused refused => new ProbeResult.Failed(Failure.Refused.Preflight(refused.Refusals)),
            _ => new ProbeResult.Succeeded("BigQuery preflight succeeded", Checked(sink, desired, observed), observed.Table.IsNone),
        };

    private static Seq<string> Checked(BigQuerySink sink, Desired desired, Observed observed) => Join(
        Seq(
            $"dataset: {desired.Table.DatasetSql} in {observed.DatasetLocation.IfNone("")}",
            sink.Settings.Options.IsEmpty
                ? "options: none"
                : $"options: {string.Join(", ", sink.Settings.OrderedOptions.Map(option => option.Name))}",
            observed.Table.Match(
                _ => $"table: {desired.Table} has the columns",
                () => $"table: {desired.Table} is missing; an export creates it"),
            observed.Table.IsSome
                ? "statement: the service accepts the MERGE (dry run)"
                : "statement: the service lets the account run jobs (dry run)"),
        Remarks.Of(desired, observed));
}

/// <summary>Remarks about costs.</summary>
internal static class Remarks
{
    /// <summary>Over a table as it is, or as it will be created.</summary>
    public static Seq<string> Of(Desired desired, Observed observed) => Join(
        Seq1("cost: each export is billed for what its MERGE reads of the columns in that cluster, at least 10 MB (BigQuery, on-demand pricing)"
             + observed.Table.Match(table => string.Create(CultureInfo.InvariantCulture, $"; the whole table has {table.Bytes:N0} bytes"), () => "")),
        observed.Table.Filter(table => table.ClusteredBy != Desired.ClusteredBy)
            .Map(_ =>
                $"cost: {desired.Table} is not clustered by {string.Join(", ", Desired.ClusteredBy)}, so each export reads all clusters and inventories")
            .ToSeq(),
        observed.Table.Filter(table => table.PartitionedBy != Some(Desired.PartitionedBy))
            .Map(_ =>
                $"cost: {desired.Table} is not partitioned by {Desired.PartitionedBy}, so rows that nobody changes never become cheaper long-term storage")
            .ToSeq(),
        Lifetime(observed).Map(after =>
            $"warning: partitions of {desired.Table} are deleted after {Days.Text(after)}: the rows of an inventory vanish that long after its last export, "
            + $"and an older snapshot is refused — ALTER TABLE {desired.Table} SET OPTIONS (partition_expiration_days = NULL);").ToSeq(),
        observed.Table.Map(table => table.Columns).IfNone(Seq<ObservedColumn>())
            .Filter(column => column.HasPolicyTags && Columns.Exists(column.Name.ToLowerInvariant()))
            .Map(column => $"warning: column {column.Name} of {desired.Table} has policy tags: without the role "
                + "roles/datacatalog.categoryFineGrainedReader the account is refused, or compares masked values"),
        Seq1("exactness: numbers beyond 64-bit integers and doubles are rounded by BigQuery's JSON type"));

    /// <summary>How long partitions are kept, now or once the table is created.</summary>
    internal static Option<TimeSpan> Lifetime(Observed observed) =>
        observed.Table.Match(table => table.PartitionLifetime, () => observed.Defaults.PartitionLifetime);
}
