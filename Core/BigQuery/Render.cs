using System.Text.Json.Nodes;
using Kollect.Core.Json;

namespace Kollect.Core.BigQuery;

/// <summary>The wanted table as the DDL that an administrator reads, and as the body of <c>tables.insert</c>.</summary>
public static class Render
{
    // CREATE TABLE `acme-prod`.`inventory`.`items` (
    //   inventory_namespace STRING    NOT NULL,
    //   …
    // )
    // PARTITION BY DATE(exported_at)
    // CLUSTER BY cluster, inventory_namespace, inventory_name, target_name;

    /// <summary>Runs as it is in the console or with <c>bq query</c>.</summary>
    public static string CreateTable(Desired desired)
    {
        var names = Desired.Columns.AsEnumerable().Max(column => column.Name.Length);
        var types = Desired.Columns.AsEnumerable().Max(column => column.Type.Length);
        var columns = Desired.Columns.Map(column => $"  {column.Name.PadRight(names)} {column.Type.PadRight(types)} NOT NULL");
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
        ["schema"] = new JsonObject { ["fields"] = new JsonArray([.. Desired.Columns.AsEnumerable().Select(Field)]) },
        ["timePartitioning"] = new JsonObject { ["type"] = "DAY", ["field"] = Desired.PartitionedBy },
        ["clustering"] = new JsonObject { ["fields"] = new JsonArray([.. Desired.ClusteredBy.AsEnumerable().Select(name => JsonValue.Create(name))]) },
    });

    private static JsonObject Field(Column column) => new() { ["name"] = column.Name, ["type"] = column.Type, ["mode"] = "REQUIRED" };
}
