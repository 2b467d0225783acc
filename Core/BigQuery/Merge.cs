namespace Kollect.Core.BigQuery;

/// <summary>A named query parameter.</summary>
/// <param name="Name">Without the <c>@</c>.</param>
/// <param name="Type">GoogleSQL.</param>
public sealed record QueryParameter(string Name, string Type);

/// <summary>
/// The one statement of an export. It replaces the rows of one scope by <c>@rows</c>; an empty array empties the scope. No value
/// stands in the text.
/// </summary>
/// <param name="Sql">GoogleSQL.</param>
/// <param name="Parameters">All that the text names.</param>
public sealed record Merge(string Sql, Seq<QueryParameter> Parameters)
{
    private const string Scope =
        "inventory_namespace = @inventory_namespace AND inventory_name = @inventory_name AND cluster = @cluster";

    private static readonly Seq<QueryParameter> All = Seq(
        new QueryParameter("rows", "ARRAY<STRUCT<target_name STRING, source_uid STRING, resource_namespace STRING, payload STRING>>"),
        new QueryParameter("inventory_namespace", "STRING"),
        new QueryParameter("inventory_name", "STRING"),
        new QueryParameter("cluster", "STRING"),
        new QueryParameter("exported_at", "TIMESTAMP"));

    /// <summary>The statement for one table. With <paramref name="skipUnchanged"/>, equal rows keep their exported_at.</summary>
    public static Merge Into(TableId table, bool skipUnchanged) =>
        new(skipUnchanged ? SkippingUnchanged(table) : Replacing(table), All);

    private static string Replacing(TableId table) =>
        $"""
        MERGE {table} AS t
        USING (
          SELECT
            r.target_name,
            r.source_uid,
            r.resource_namespace,
            PARSE_JSON(r.payload, wide_number_mode=>'round') AS payload,
            {Fresh(table, indent: "    ")} AS fresh -- false: the table holds a newer snapshot of this scope
          FROM UNNEST(@rows) AS r
        ) AS s
        {On}
        WHEN MATCHED AND s.fresh THEN
          {Update}
        {Insert}
        {Delete};
        """;

    // A row that was left alone carries an old time, so its own exported_at no longer tells a late snapshot from a new one:
    // for a late one the source becomes what the table holds, so that no row is unmatched and none is touched. The first row is
    // always rewritten and carries the time of the snapshot.
    private static string SkippingUnchanged(TableId table) =>
        $"""
        MERGE {table} AS t
        USING (
          SELECT
            r.target_name,
            r.source_uid,
            r.resource_namespace,
            PARSE_JSON(r.payload, wide_number_mode=>'round') AS payload,
            position = 0 AS keeps_time, -- one row always carries the snapshot's time
            TRUE AS fresh
          FROM UNNEST(@rows) AS r WITH OFFSET AS position
          WHERE {Fresh(table, indent: "  ")}
          UNION ALL
          -- The table holds a newer snapshot of this scope: match every row and touch none.
          SELECT target_name, source_uid, resource_namespace, payload, FALSE, FALSE
          FROM {table}
          WHERE {Scope}
            AND NOT {Fresh(table, indent: "    ")}
        ) AS s
        {On}
        WHEN MATCHED AND s.fresh AND (
          s.keeps_time
          OR t.resource_namespace != s.resource_namespace
          OR TO_JSON_STRING(t.payload) != TO_JSON_STRING(s.payload)
        ) THEN
          {Update}
        {Insert}
        {Delete};
        """;

    private const string On =
        """
        ON t.inventory_namespace = @inventory_namespace
          AND t.inventory_name = @inventory_name
          AND t.cluster = @cluster -- prunes: the table is clustered by it
          AND t.target_name = s.target_name
          AND t.source_uid = s.source_uid
        """;

    private const string Update =
        "UPDATE SET resource_namespace = s.resource_namespace, payload = s.payload, exported_at = @exported_at";

    private const string Insert =
        """
        WHEN NOT MATCHED BY TARGET AND s.fresh THEN
          INSERT (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
          VALUES (@inventory_namespace, @inventory_name, s.target_name, s.source_uid, @cluster, s.resource_namespace, s.payload, @exported_at)
        """;

    private const string Delete =
        """
        WHEN NOT MATCHED BY SOURCE
          AND t.inventory_namespace = @inventory_namespace
          AND t.inventory_name = @inventory_name
          AND t.cluster = @cluster
          AND t.exported_at <= @exported_at THEN
          DELETE
        """;

    // True where this snapshot is not older than what the table holds of its scope.
    private static string Fresh(TableId table, string indent) =>
        $"""
        COALESCE((
          SELECT MAX(exported_at)
          FROM {table}
          WHERE {Scope}
        ) <= @exported_at, TRUE)
        """.Replace("\n", "\n" + indent, StringComparison.Ordinal);
}
