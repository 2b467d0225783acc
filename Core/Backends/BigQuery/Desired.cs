using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>A column as the sink wants it; every one is REQUIRED.</summary>
/// <param name="Name">A plain lower-case word, never quoted.</param>
/// <param name="Type">As both GoogleSQL and the API write it.</param>
public sealed record Column(string Name, string Type);

/// <summary>The table that a BigQuery sink writes into; its dataset exists already and is never created.</summary>
/// <param name="Table">Where.</param>
/// <param name="Mode">May it be created?</param>
public sealed record Desired(TableId Table, ProvisioningMode Mode)
{
    /// <summary>All columns in the order of the table.</summary>
    public static Seq<Column> Columns { get; } = Seq(
        new Column("inventory_namespace", "STRING"),
        new Column("inventory_name", "STRING"),
        new Column("target_name", "STRING"),
        new Column("source_uid", "STRING"),
        new Column("cluster", "STRING"),
        new Column("resource_namespace", "STRING"),
        new Column("payload", "JSON"),
        new Column("exported_at", "TIMESTAMP"));

    /// <summary>One partition a day of this column.</summary>
    public const string PartitionedBy = "exported_at";

    /// <summary>At most four (BigQuery, "Introduction to clustered tables"); in the order in which a MERGE narrows them.</summary>
    public static Seq<string> ClusteredBy { get; } = Seq("cluster", "inventory_namespace", "inventory_name", "target_name");
}
