namespace Kollect.Core.Backends.BigQuery;

/// <summary>The source of the rows of a snapshot. Closed.</summary>
internal abstract record RowSource
{
    private RowSource() { }

    /// <summary>The array parameter <c>@rows</c>: each identity once.</summary>
    public sealed record Parameter : RowSource;

    /// <summary>A staging table: of rows with the same identity the last one with a payload counts.</summary>
    public sealed record Staging(TableId Table) : RowSource;
}

/// <summary>
/// The one statement of an export. It replaces the rows of one scope by those of its source; an empty source empties the scope.
/// A row whose payload is NULL belongs to a rejected item: the row of that identity, if there is one, stays as it is. No value
/// stands in the text.
/// </summary>
internal static class Merge
{
    /// <summary>The statement for one table. With <paramref name="skipUnchanged"/>, equal rows keep their exported_at.</summary>
    public static string Into(TableId table, RowSource source, bool skipUnchanged) =>
        skipUnchanged ? SkippingUnchanged(table, source) : Replacing(table, source);

    /// <summary>Counts the effects of <see cref="Into"/>: one row of <c>inserted, updated, deleted, newest</c>; nothing is written.</summary>
    public static string Count(TableId table, RowSource source, bool skipUnchanged) =>
        $"""
        WITH
          s AS (
            {Rows(source, "    ")}
          ),
          t AS (
            SELECT {Columns.List(Columns.OfItem)}, exported_at
            FROM {table}
            WHERE {Scope}
          )
        SELECT
          COUNTIF(t.source_uid IS NULL AND s.payload IS NOT NULL) AS inserted,
          COUNTIF(t.source_uid IS NOT NULL AND s.payload IS NOT NULL{(skipUnchanged ? Differs : "")}) AS updated,
          COUNTIF(s.source_uid IS NULL AND @delete_stale) AS deleted,
          (SELECT MAX(exported_at) FROM t) AS newest
        FROM t
        FULL JOIN s
          ON t.target_name = s.target_name
          AND t.source_uid = s.source_uid;
        """;

    /// <summary>
    /// One row of <c>items, newest</c>: the rows of the scope and their newest <c>exported_at</c>, NULL without rows. No payload is read: BigQuery bills the
    /// columns that a query references (BigQuery, "Pricing", on-demand compute).
    /// </summary>
    public static string Look(TableId table) =>
        $"""
        SELECT COUNT(*) AS items, MAX(exported_at) AS newest
        FROM {table}
        WHERE {Scope};
        """;

    /// <summary>The newest <c>exported_at</c> of the scope, NULL without rows.</summary>
    public static string Newest(TableId table) =>
        $"""
        SELECT MAX(exported_at) AS newest
        FROM {table}
        WHERE {Scope};
        """;

    internal const string Scope =
        "inventory_namespace = @inventory_namespace AND inventory_name = @inventory_name AND cluster = @cluster";

    // A row's own exported_at does not distinguish a late snapshot from a new one: an unchanged row and that of a rejected item carry an old time, and
    // another writer's any time. For a late snapshot the source becomes what the table holds, so that no row is unmatched and none is touched.
    private static string Replacing(TableId table, RowSource source) =>
        $"""
        MERGE {table} AS t
        USING (
          SELECT
            {Parsed}
            r.payload IS NULL AS kept,
            r.fresh
          FROM (
            {Either(table, source)}
          ) AS r
          {JoinHeld(table)}
        ) AS s
        {On}
        WHEN MATCHED AND s.fresh AND NOT s.kept THEN
          {Update}
        {Insert}
        {Delete};
        """;

    // One row is always rewritten and carries the time of the snapshot.
    private static string SkippingUnchanged(TableId table, RowSource source) =>
        $"""
        MERGE {table} AS t
        USING (
          SELECT
            {Parsed}
            r.payload IS NULL AS kept,
            r.keeps_time, -- one row always carries the snapshot's time
            r.fresh
          FROM (
            {Either(table, source)}
          ) AS r
          {JoinHeld(table)}
        ) AS s
        {On}
        WHEN MATCHED AND s.fresh AND NOT s.kept AND (
          s.keeps_time
          OR {Unequal(column => $"s.{column.Name}", "\n  OR ")}
        ) THEN
          {Update}
        {Insert}
        {Delete};
        """;

    private static string Either(TableId table, RowSource source) =>
        $"""
            SELECT *, TRUE AS fresh
            FROM (
              {Rows(source, "      ")}
            )
            UNION ALL
            -- The table holds a newer snapshot of this scope: match every row and touch none.
            SELECT {string.Join(", ", Columns.OfItem.Map(column => column is Column.Payload ? "CAST(NULL AS STRING)" : column.Name))}, FALSE, FALSE
            FROM {table}
            WHERE {Scope}
        """.TrimStart();

    private static string JoinHeld(TableId table) =>
        $"""
          JOIN (
            SELECT COALESCE(MAX(exported_at) <= @exported_at, TRUE) AS fresh
            FROM {table}
            WHERE {Scope}
          ) AS held
            ON r.fresh = held.fresh
        """.TrimStart();

    // r.target_name,
    // …
    // PARSE_JSON(r.payload, wide_number_mode=>'round') AS payload,
    internal static readonly string Parsed = string.Join(
        "\n    ", Columns.OfItem.Map(column => column is Column.Payload ? $"{Parse($"r.{column.Name}")} AS {column.Name}," : $"r.{column.Name},"));

    private static readonly string Differs =
        $"""

            AND ({Unequal(column => column is Column.Payload ? Parse($"s.{column.Name}") : $"s.{column.Name}", "\n      OR ")})
        """;

    internal const string On =
        """
        ON t.inventory_namespace = @inventory_namespace
          AND t.inventory_name = @inventory_name
          AND t.cluster = @cluster -- prunes: the table is clustered by it
          AND t.target_name = s.target_name
          AND t.source_uid = s.source_uid
        """;

    // All but the columns that ON compares.
    internal static readonly string Update = "UPDATE SET " + string.Join(", ", Columns.All
        .Filter(column => column.Role != ColumnRole.Identity && column is not Column.OfScope)
        .Map(column => $"{column.Name} = {Value(column)}"));

    internal static readonly string InsertAll = $"INSERT ({Columns.List(Columns.All)})\n  VALUES ({string.Join(", ", Columns.All.Map(Value))})";

    private static readonly string Insert =
        $"""
        WHEN NOT MATCHED BY TARGET AND s.fresh AND NOT s.kept THEN
          {InsertAll}
        """;

    private const string Delete =
        """
        WHEN NOT MATCHED BY SOURCE
          AND t.inventory_namespace = @inventory_namespace
          AND t.inventory_name = @inventory_name
          AND t.cluster = @cluster
          AND @delete_stale THEN -- false: an item without identity may stand for any row
          DELETE
        """;

    private static string Rows(RowSource source, string indent) => (source switch
    {
        RowSource.Parameter =>
            $"""
            SELECT {Named}, position = 0 AS keeps_time
            FROM UNNEST(@rows) WITH OFFSET AS position
            """,
        RowSource.Staging it =>
            $"""
            SELECT {Columns.List(Columns.OfItem)}, position = @last AS keeps_time
            FROM {it.Table}
            WHERE TRUE
            QUALIFY ROW_NUMBER() OVER (PARTITION BY target_name, source_uid ORDER BY payload IS NULL, position DESC) = 1
            """,
        _ => throw new System.Diagnostics.UnreachableException(),
    }).Replace("\n", "\n" + indent, StringComparison.Ordinal);

    internal static readonly string Named = string.Join(", ", Columns.OfItem.Map(Renamed));

    private static string Renamed(Column column) => column.ShortName == column.Name ? column.Name : $"{column.ShortName} AS {column.Name}";

    /// <summary>Value of a column: from a row of the source, or a parameter.</summary>
    private static string Value(Column column) => column.IsOfItem ? $"s.{column.Name}" : $"@{column.Name}";

    private static string Parse(string payload) => $"PARSE_JSON({payload}, wide_number_mode=>'round')";

    // t.resource_namespace != s.resource_namespace OR TO_JSON_STRING(t.payload) != TO_JSON_STRING(s.payload)
    private static string Unequal(Func<Column, string> source, string or) => string.Join(or, Columns.Content
        .Filter(column => column.IsOfItem)
        .Map(column => $"{Comparable(column, $"t.{column.Name}")} != {Comparable(column, source(column))}"));

    private static string Comparable(Column column, string value) => column is Column.Payload ? $"TO_JSON_STRING({value})" : value;
}
