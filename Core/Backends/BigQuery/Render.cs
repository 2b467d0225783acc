using System.Diagnostics;
using System.Text.Json.Nodes;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The wanted table as the DDL that an administrator reads, and as the body of <c>tables.insert</c>.</summary>
internal static class Render
{
    /// <summary>One statement per change; the API gets <see cref="TableResource"/> instead.</summary>
    public static Statement Change(BigQueryChange change) => change switch
    {
        BigQueryChange.CreateTable it => new Statement(CreateTable(it.Desired), $"table {it.Desired.Table} is missing"),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem, and the statement or action that resolves it.</summary>
    public static Refusal Explain(Gap gap) => gap switch
    {
        Gap.DatasetMissing it => new Refusal(
            $"dataset {it.Table.DatasetSql} does not exist, or the account may not see it; datasets are never created",
            $"CREATE SCHEMA {it.Table.DatasetSql};\n-- or grant the account roles/bigquery.dataEditor on it"),
        Gap.LocationDiffers it => new Refusal(
            $"dataset {it.Table.DatasetSql} is in {it.Actual}, not in {it.Wanted}",
            $"write location: {it.Actual} in spec.bigquery, or leave it out"),
        Gap.TableMissing it => new Refusal(
            $"table {it.Desired.Table} does not exist and provisioning.mode is existing",
            CreateTable(it.Desired)),
        Gap.NotATable it => new Refusal(
            $"{it.Table} is of type {it.Type}, not a table",
            "name a table in spec.bigquery.table"),
        Gap.ColumnMissing it => new Refusal(
            $"column {it.Column.Name} of {it.Table} does not exist",
            $"ALTER TABLE {it.Table} ADD COLUMN {it.Column.Name} {it.Column.BigQueryType};"),
        Gap.WrongType it => new Refusal(
            $"column {it.Column.Name} of {it.Table} has type {it.Actual}, not {it.Column.BigQueryType}",
            $"ALTER TABLE {it.Table} RENAME COLUMN {it.Column.Name} TO {it.Column.Name}_old;\n"
            + $"ALTER TABLE {it.Table} ADD COLUMN {it.Column.Name} {it.Column.BigQueryType};"),
        Gap.UnfillableColumn it => new Refusal(
            $"column {Identifier.Quote(it.Column)} of {it.Table} is REQUIRED without a default, and an export does not fill it",
            $"ALTER TABLE {it.Table} ALTER COLUMN {Identifier.Quote(it.Column)} DROP NOT NULL;"),
        Gap.CollatedColumn it => new Refusal(
            $"column {it.Column} of {it.Table} has the collation {it.Collation}, which takes different texts for equal",
            "-- a collation stays with its column: copy the rows into a table without it, and name that one\n"
            + CreateTable(new Desired(it.Table with { Table = "kollect_items" }, KollectDatabaseSinkMode.Existing))),
        Gap.CollatedDataset it => new Refusal(
            $"dataset {it.Table.DatasetSql} gives new columns the collation {it.Collation}, which takes different texts for equal",
            $"ALTER SCHEMA {it.Table.DatasetSql} SET DEFAULT COLLATE '';"),
        Gap.PartitionsExpire it => new Refusal(
            $"partitions of {it.Table} are deleted after {Days.Text(it.After)}, and live rows that an export leaves alone vanish with them"
            + (it.PartitionedBy == Some(Desired.PartitionedBy)
                ? " (options.skip_unchanged)"
                : $"; it is partitioned by {it.PartitionedBy.IfNone("the time of writing")}"),
            $"ALTER TABLE {it.Table} SET OPTIONS (partition_expiration_days = NULL);"),
        Gap.TableExpires it => new Refusal(
            $"{it.Table} is deleted with all its rows at {Times.Text(it.At)}",
            $"ALTER TABLE {it.Table} SET OPTIONS (expiration_timestamp = NULL);"),
        Gap.DatasetExpires it => new Refusal(
            $"dataset {it.Table.DatasetSql} deletes {(it.Partitions ? "partitions" : "tables")} after {Days.Text(it.After)}, "
            + "and live rows would vanish with them",
            $"ALTER SCHEMA {it.Table.DatasetSql} SET OPTIONS (default_{(it.Partitions ? "partition" : "table")}_expiration_days = NULL);"),
        Gap.RequiresPartitionFilter it => new Refusal(
            $"{it.Table} refuses queries without a partition filter, and an export has to find stale rows of any day",
            $"ALTER TABLE {it.Table} SET OPTIONS (require_partition_filter = false);"),
        _ => throw new UnreachableException(),
    };

    // CREATE TABLE `acme-prod`.`inventory`.`items` (
    //   inventory_namespace STRING    NOT NULL,
    //   …
    // )
    // PARTITION BY DATE(exported_at)
    // CLUSTER BY cluster, inventory_namespace, inventory_name, target_name;

    /// <summary>Runs as it is in the console or with <c>bq query</c>.</summary>
    public static string CreateTable(Desired desired)
    {
        var names = Columns.All.AsEnumerable().Max(column => column.Name.Length);
        var types = Columns.All.AsEnumerable().Max(column => column.BigQueryType.Length);
        var columns = Columns.All.Map(column => $"  {column.Name.PadRight(names)} {column.BigQueryType.PadRight(types)} NOT NULL");
        return $"""
            CREATE TABLE {desired.Table} (
            {string.Join(",\n", columns)}
            )
            PARTITION BY DATE({Desired.PartitionedBy})
            CLUSTER BY {string.Join(", ", Desired.ClusteredBy)};
            """;
    }

    /// <summary>The same table as the REST API wants it (Table resource, v2).</summary>
    public static string TableResource(Desired desired) => JsonText.Of(new JsonObject
    {
        ["tableReference"] = new JsonObject
        {
            ["projectId"] = desired.Table.Project,
            ["datasetId"] = desired.Table.Dataset,
            ["tableId"] = desired.Table.Table,
        },
        ["schema"] = new JsonObject { ["fields"] = new JsonArray([.. Columns.All.AsEnumerable().Select(Field)]) },
        ["timePartitioning"] = new JsonObject { ["type"] = "DAY", ["field"] = Desired.PartitionedBy },
        ["clustering"] = new JsonObject { ["fields"] = new JsonArray([.. Desired.ClusteredBy.AsEnumerable().Select(name => JsonValue.Create(name))]) },
    });

    private static JsonObject Field(Column column) => new() { ["name"] = column.Name, ["type"] = column.BigQueryType, ["mode"] = "REQUIRED" };
}
