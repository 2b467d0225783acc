namespace Kollect.Core.Backends.BigQuery;

/// <summary>
/// The one statement of a difference: it writes the rows of <c>@rows</c> with a payload and deletes those without. It changes nothing unless the newest
/// <c>exported_at</c> of the scope is exactly <c>@basis</c>. No value stands in the text.
/// </summary>
/// <remarks>
/// It reads scope, identity and time of the clusters and partitions that hold the scope, and no payload. Besides those, BigQuery bills the whole of the
/// partitions in which rows are written (BigQuery, "DML statements in GoogleSQL", on-demand query size calculation); an export in full writes in all of them.
/// </remarks>
internal static class Delta
{
    /// <summary>The statement for one table; one row always carries the time of the snapshot afterwards, unless the scope became empty.</summary>
    /// <param name="writes">False = the parameter holds only removed identities, and one of the other rows gets the time.</param>
    public static string Into(TableId table, bool writes) =>
        $"""
        MERGE {table} AS t
        USING (
          SELECT
            {Merge.Parsed}
            r.payload IS NULL AS removed{(writes ? "" : ",\n    r.keeps_time")}
          FROM (
            {(writes ? Changes("") : Removals(table))}
          ) AS r
          CROSS JOIN (
            SELECT MAX(exported_at) AS newest
            FROM {table}
            WHERE {Merge.Scope}
          ) AS held
          WHERE held.newest = @basis -- otherwise the table holds another snapshot: the source is empty
        ) AS s
        {Merge.On}
        {(writes ? Writes : Touches)}WHEN MATCHED AND s.removed THEN
          DELETE{(writes ? Inserts : "")};
        """;

    private const string Touches =
        """
        WHEN MATCHED AND s.keeps_time THEN
          UPDATE SET exported_at = @exported_at

        """;

    private static readonly string Writes =
        $"""
        WHEN MATCHED AND NOT s.removed THEN
          {Merge.Update}

        """;

    private static readonly string Inserts =
        $"""

        WHEN NOT MATCHED BY TARGET AND NOT s.removed THEN
          {Merge.InsertAll}
        """;

    private static string Changes(string more) =>
        $"""
            SELECT {Merge.Named}{more}
            FROM UNNEST(@rows)
        """.TrimStart();

    // The newest row lies in the partition that is written anyway.
    private static string Removals(TableId table) =>
        $"""
            {Changes(", FALSE AS keeps_time")}
            UNION ALL
            (
              SELECT {string.Join(", ", Columns.OfItem.Map(column => column is Column.Payload ? "CAST(NULL AS STRING)" : $"o.{column.Name}"))}, TRUE
              FROM {table} AS o
              LEFT JOIN UNNEST(@rows) AS gone
                ON gone.target = o.target_name
                AND gone.uid = o.source_uid
              WHERE {Merge.Scope}
                AND gone.uid IS NULL
              ORDER BY o.exported_at DESC, o.target_name, o.source_uid
              LIMIT 1
            )
        """.TrimStart();
}
