namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// The statements of one export into one table; all of them run in one transaction. Every text is complete: values go in as
/// parameters, names are quoted already. Parameters that several share are <see cref="Columns.OfExport"/> in their order:
/// $1 inventory_namespace, $2 inventory_name, $3 cluster, $4 exported_at (timestamptz). Those of <see cref="WriteMethod.Batches"/>
/// are <see cref="BatchStatements"/>.
/// </summary>
/// <param name="Table">The destination.</param>
/// <param name="IsPartitioned">Its rows have no system columns in RETURNING ("cannot retrieve a system column in this context").</param>
internal sealed record ExportStatements(TableName Table, bool IsPartitioned = false)
{
    /// <summary>What <see cref="Upsert"/>, the deletes and <see cref="Touch"/> replace is kept there; None = nowhere.</summary>
    public Option<History> History { get; init; }

    internal const string IsNew = "xmax = 0 AS inserted -- 0: no older version of the row was locked, so it is new";

    internal const string Staging = "pg_temp.kollect_staging";

    /// <summary>$1 setting, $2 value: for this transaction only, so that it does not affect a pooler's next client.</summary>
    public const string Set = "SELECT set_config($1, $2, true)";

    /// <summary>$1 milliseconds: the longest wait for any lock, where neither the role nor the database limits it.</summary>
    public const string LimitLockWaits = "SELECT set_config('lock_timeout', $1, true) WHERE current_setting('lock_timeout') = '0'";

    /// <summary>
    /// One name, one lock: $1 is the name. Held until the transaction ends; waits for another holder. Exports of different scopes share no lock but
    /// <see cref="LockShared"/> and run side by side, also in one table.
    /// </summary>
    public const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

    /// <summary>
    /// The lock of an inventory, $1 <see cref="InventoryLockName"/>: every export of it holds it shared. One that adopts rows of another cluster label
    /// takes it by <see cref="Lock"/>: it waits for the exports that may hold those rows, and of two that adopt the server refuses one.
    /// </summary>
    public const string LockShared = "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))";

    /// <summary>
    /// Counts the rows of the inventory in the destination. Columns: newest (of this cluster; null = none; a time outside the years 1 to 9999, infinity
    /// too, is their first or last one), rows (of any cluster), foreign (rows under another cluster label). Parameters $1 to $3.
    /// </summary>
    public string Inspect =>
        $"""
        SELECT max({InRange("exported_at")})
                   FILTER (WHERE cluster = $3)       AS newest,
               count(*)                              AS rows,
               count(*) FILTER (WHERE cluster <> $3) AS foreign
        FROM {Table}
        WHERE inventory_namespace = $1 AND inventory_name = $2
        """;

    // The range of DateTimeOffset, to the microsecond; PostgreSQL's own goes from 4713 BC to 294276 AD, and has infinity at both ends.
    private const string FirstTime = "0001-01-01 00:00:00+00";
    private const string LastTime = "9999-12-31 23:59:59.999999+00";

    internal static string InRange(string time) => $"greatest('{FirstTime}', least('{LastTime}', {time}))";

    /// <summary>Straight into an inventory that has no rows yet; columns in the order of the table.</summary>
    public string CopyRows =>
        $"COPY {Table} ({Columns.List(Columns.All)}) FROM STDIN (FORMAT binary)";

    /// <summary>A row without payload is a rejected item: it is not written, but its old row is kept.</summary>
    public string CreateStaging =>
        $"""
        CREATE TEMPORARY TABLE {StagingName} (
        {string.Join(",\n", StagingColumns)}
        ) ON COMMIT DROP
        """;

    /// <summary>Into the staging table; <c>item</c> counts up in input order.</summary>
    public string CopyStaging =>
        $"COPY {Staging} ({Columns.List(Columns.OfItem)}, item) FROM STDIN (FORMAT binary)";

    /// <summary>A fresh temporary table has no statistics, and without them the planner assumes that it is tiny.</summary>
    public string AnalyzeStaging => $"ANALYZE {Staging} (target_name, source_uid)";

    /// <summary>
    /// The last storable item of an identity wins. Column: duplicates, without the rejected ones. Runs only when a
    /// repeated identity occurred.
    /// </summary>
    public string DropDuplicates =>
        $"""
        WITH overruled AS (
            DELETE FROM {Staging} a
            USING {Staging} b
            WHERE a.target_name = b.target_name AND a.source_uid = b.source_uid
              AND b.payload IS NOT NULL
              AND (a.item < b.item OR a.payload IS NULL)
            RETURNING a.payload
        )
        SELECT count(payload) AS duplicates FROM overruled
        """;

    /// <summary>Counts the staged rows that stand under another cluster label. Column: adopted. Parameters $1 to $3.</summary>
    public string CountAdopted =>
        $"""
        SELECT count(*) AS adopted
        FROM {Staging} s
             JOIN {Table} t ON t.inventory_namespace = $1 AND t.inventory_name = $2
                           AND t.target_name = s.target_name AND t.source_uid = s.source_uid
        WHERE t.cluster <> $3 AND s.payload IS NOT NULL
        """;

    /// <summary>
    /// All staged rows in one statement. Columns: inserted, rewritten (including adopted ones). Parameters $1 to $4.
    /// </summary>
    /// <param name="skipUnchanged">
    /// Leave equal rows out before the conflict clause: a condition on the clause itself would still lock, and so write, each of them.
    /// </param>
    public string Upsert(bool skipUnchanged) => History.Match(UpsertAndKeep, () =>
        $"""
        WITH written AS (
            INSERT INTO {Table} AS t ({Columns.List(Columns.All)})
            SELECT {Values}
            FROM {Staging} s
            WHERE s.payload IS NOT NULL{(skipUnchanged ? "\n      " + Unequal : "")}
            {OnConflict}
            RETURNING {(IsPartitioned ? "target_name, source_uid" : IsNew)}
        )
        {(IsPartitioned ? CountByOldRows : CountByFlag)}
        """);

    // One join with the old rows gives both: which rows differ, and what they were.
    private string UpsertAndKeep(History history) =>
        $"""
        WITH changed AS MATERIALIZED (
            SELECT {string.Join(", ", Columns.OfItem.Map(it => $"s.{it.Name}"))},
                   {string.Join(", ", OldColumns.Map(it => $"o.{it.Name} AS old_{it.Name}"))}
            FROM {Staging} s
                 LEFT JOIN {Table} o ON o.inventory_namespace = $1 AND o.inventory_name = $2
                                    AND o.target_name = s.target_name AND o.source_uid = s.source_uid
            WHERE s.payload IS NOT NULL
              AND ({string.Join(" AND ", Columns.Content.Map(column => $"o.{column.Name} = {Value(column)}"))}) IS NOT TRUE
        ), {history.KeptOverwritten(Old, $"FROM changed s\nWHERE {Old(Postgres.History.Time)} <> $4 -- null for a new row")}, written AS (
            INSERT INTO {Table} AS t ({Columns.List(Columns.All)})
            SELECT {Values}
            FROM changed s
            {OnConflict}
            RETURNING {(IsPartitioned ? "target_name, source_uid" : IsNew)}
        )
        {(IsPartitioned ? CountByOldRows : CountByFlag)}
        """;

    private static Seq<Column> OldColumns { get; } = Columns.All.Filter(it => it.Role != ColumnRole.Identity).Strict();

    private static string Old(string name) => Columns.All.Find(it => it.Name == name).Match(
        column => column.Role == ColumnRole.Identity ? Value(column) : $"s.old_{name}", () => name);

    private const string CountByFlag =
        """
        SELECT count(*) FILTER (WHERE inserted)     AS inserted,
               count(*) FILTER (WHERE NOT inserted) AS rewritten
        FROM written
        """;

    private string CountByOldRows =>
        $"""
        SELECT count(*) FILTER (WHERE o.cluster IS NULL) AS inserted,
               count(o.cluster)                          AS rewritten
        FROM written w
             LEFT JOIN {Table} o ON o.inventory_namespace = $1 AND o.inventory_name = $2 -- as it was before this statement
                                AND o.target_name = w.target_name AND o.source_uid = w.source_uid
        """;

    /// <summary>Counts the rows of this scope. Column: rows. Parameters $1 to $3.</summary>
    public string CountRows =>
        $"""
        SELECT count(*) AS rows
        FROM {Table}
        WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
        """;

    /// <summary>
    /// Rows of this scope that another transaction wrote: after a COPY into an inventory without rows they are stale. A row's xmin has the lower 32 bits of its
    /// transaction's id. Parameters $1 to $3; with a history $4 the time of the export, and see <see cref="Postgres.History.Deleting"/> for the answer.
    /// </summary>
    public string DeleteOthers => Keeping(
        $"""
        DELETE FROM {Table} t
        WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
          AND xmin::text::bigint <> txid_current() & 4294967295
        """);

    /// <summary>Rows of this scope that the snapshot does not have. Parameters and answer as <see cref="DeleteOthers"/>.</summary>
    public string DeleteStale => Keeping(
        $"""
        DELETE FROM {Table} t
        WHERE t.inventory_namespace = $1 AND t.inventory_name = $2 AND t.cluster = $3
          AND NOT EXISTS (
              SELECT FROM {Staging} s
              WHERE s.target_name = t.target_name AND s.source_uid = t.source_uid
          )
        """);

    private string Keeping(string delete) => History.Match(it => it.Deleting(delete, "t.", "$4"), () => delete);

    /// <summary>
    /// When nothing was rewritten, one row still carries the new time, so that an older snapshot is recognised as such.
    /// Parameters $1 to $4.
    /// </summary>
    public string Touch => History.Match(TouchAndKeep, () =>
        $"""
        UPDATE {Table}
        SET exported_at = $4
        WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3 AND exported_at < $4
          AND (target_name, source_uid) = (
              SELECT target_name, source_uid
              FROM {Table}
              WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
              LIMIT 1 -- any row will do
          )
        """);

    // The row stays equal, so that its two versions follow each other without a gap.
    private string TouchAndKeep(History history) =>
        $"""
        WITH o AS MATERIALIZED (
            SELECT {Columns.List(Columns.All)}
            FROM {Table}
            WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3 AND exported_at < $4
            LIMIT 1 -- any row will do
        ), {history.KeptOverwritten(name => name, "FROM o")}
        UPDATE {Table} t
        SET exported_at = $4
        FROM o
        WHERE t.inventory_namespace = $1 AND t.inventory_name = $2 AND t.cluster = $3 AND t.exported_at < $4
          AND t.target_name = o.target_name AND t.source_uid = o.source_uid
        """;

    /// <summary>The name of the lock for creating the table; each part with its length, so that no two names run together.</summary>
    public string TableLockName => Name(Table.Schema, Table.Name);

    /// <summary>The name of the lock for exporting a scope.</summary>
    public string LockName(Snapshots.Scope scope) =>
        Name(Table.Schema, Table.Name, scope.InventoryNamespace, scope.InventoryName, scope.Cluster);

    /// <summary>The name of the lock for all scopes of an inventory.</summary>
    public string InventoryLockName(Snapshots.Scope scope) =>
        Name(Table.Schema, Table.Name, scope.InventoryNamespace, scope.InventoryName);

    private const string StagingName = "kollect_staging";

    /// <summary>The values of a row in the order of the table; those of the item come from <c>s</c>.</summary>
    internal static string Values { get; } = string.Join(", ", Columns.All.Map(Value));

    // target_name        text   NOT NULL, …
    private static readonly Seq<string> StagingColumns = Aligned(Join(
        Columns.OfItem.Map(column => (column.Name, column.PostgresType, column is Column.Payload ? "" : " NOT NULL")),
        Seq1(("item", "bigint", " NOT NULL"))));

    internal static string OnConflict { get; } =
        $"""
        ON CONFLICT ({string.Join(", ", Columns.Identity)}) DO UPDATE
            SET {string.Join(",\n        ", Assignments())}
        """.Replace("\n", "\n    ", StringComparison.Ordinal);

    private string Unequal =>
        $"""
        AND NOT EXISTS (
            SELECT FROM {Table} o
            WHERE o.inventory_namespace = $1 AND o.inventory_name = $2
              AND o.target_name = s.target_name AND o.source_uid = s.source_uid
              AND ({string.Join(" AND ", Columns.Content.Map(column => $"o.{column.Name} = {Value(column)}"))}) IS TRUE
        ) -- IS TRUE keeps the payload out of the hash key: it is compared once, not hashed twice
        """.Replace("\n", "\n      ", StringComparison.Ordinal);

    /// <summary>Value of a column: from a staged row, or a parameter of the export.</summary>
    internal static string Value(Column column) => column.IsOfItem
        ? $"s.{column.Name}"
        : FormattableString.Invariant($"${Columns.OfExport.AsEnumerable().ToList().IndexOf(column) + 1}");

    private static IEnumerable<string> Assignments()
    {
        var written = Columns.All.Filter(column => column.Role != ColumnRole.Identity);
        var width = written.Map(column => column.Name.Length).Max();
        return written.AsEnumerable().Select(column => $"{column.Name.PadRight(width)} = excluded.{column.Name}");
    }

    private static Seq<string> Aligned(Seq<(string Name, string Type, string Constraint)> columns)
    {
        var (names, types) = (columns.Map(column => column.Name.Length).Max(), columns.Map(column => column.Type.Length).Max());
        return columns.Map(column => $"    {column.Name.PadRight(names)} {column.Type.PadRight(types)}{column.Constraint}".TrimEnd());
    }

    private static string Name(params ReadOnlySpan<string> parts)
    {
        var name = "kollect";
        foreach (var part in parts)
            name += FormattableString.Invariant($" {part.Length}:{part}");
        return name;
    }
}
