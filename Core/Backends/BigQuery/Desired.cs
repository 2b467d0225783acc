using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>The table of a BigQuery sink: all <see cref="Columns"/>, each REQUIRED. Its dataset must exist; it is never created.</summary>
/// <param name="Mode">Decides whether missing objects are created.</param>
internal sealed record Desired(TableId Table, KollectDatabaseSinkMode Mode)
{
    /// <summary>Equal rows are not rewritten: they stay in the partition of the day on which they were.</summary>
    public bool SkipsUnchanged { get; init; }

    /// <summary>One partition a day of this column.</summary>
    public const string PartitionedBy = "exported_at";

    /// <summary>At most four (BigQuery, "Introduction to clustered tables"); in the order in which a MERGE narrows them.</summary>
    public static Seq<string> ClusteredBy { get; } = Seq("cluster", "inventory_namespace", "inventory_name", "target_name");
}
