using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// The table <see cref="Name"/> beside the destinations of a schema, with an entry for each export that changed something or was refused; sinks of one
/// schema share it, and exports of the same hour share one entry when they are an hour old. Written in the transaction of the rows, so that an entry and
/// its rows are there or not there together.
/// </summary>
/// <remarks>
/// <para>Parameters that several statements share: $1 table_name, $2 inventory_namespace, $3 inventory_name, $4 cluster, $5 exported_at (timestamptz).</para>
/// <para>
/// A row whose xmin is below <c>horizon</c> was not touched since the rows were compared: a transaction that was running then, or began later, has an id of at
/// least <c>horizon</c> (PostgreSQL manual 9.26, txid_snapshot_xmin: lowest transaction ID that was still active), and an id of one of its subtransactions is
/// larger than its own (access/transam/README, "Transaction and Subtransaction Numbering"). Ids in 64 bits are those of xmin modulo 2^32.
/// </para>
/// </remarks>
/// <param name="Table">The destination.</param>
internal sealed record Ledger(TableName Table)
{
    /// <summary>The name of the table in every schema.</summary>
    public const string Name = "kollect_exports";

    /// <summary>The privileges that it needs.</summary>
    public const string Privileges = "SELECT, INSERT, UPDATE, DELETE";

    /// <summary>The columns in the order of the table.</summary>
    public static Seq<OwnColumn> Columns { get; } = Seq(
        Text("table_name"),
        Text("inventory_namespace"),
        Text("inventory_name"),
        Text("cluster"),
        Time("exported_at"),
        Text("checksum", isRequired: false),
        Number("items"),
        Column("complete", "boolean", "bool"),
        Number("inserted"),
        Number("updated"),
        Number("deleted"),
        Number("adopted"),
        Number("rejected"),
        Number("duration_ms"),
        Text("exporter"),
        Text("refusal", isRequired: false),
        Time("verified_at", isRequired: false),
        Number("xid"),
        Number("horizon"),
        Number("rows"));

    /// <summary>Names of the columns of the primary key: scope and time of the snapshot.</summary>
    public static Seq<string> Key { get; } = Columns.Take(5).Map(column => column.Name).Strict();

    /// <summary>The ledger of the schema.</summary>
    public TableName At => new(Table.Schema, Name);

    /// <summary>The same with its columns and its key.</summary>
    public OwnTable Own => new(At, Columns, Key);

    /// <summary>
    /// The newest entry of the scope whose rows were written. One row; all columns but the last one are null = there is no such entry. Columns: exported_at
    /// and verified_at (outside the years 1 to 9999: their first or last one), checksum (null = the snapshot was read from a stream), items, complete,
    /// rejected, xid, horizon, rows, oldest (the horizon of a comparison that begins after this statement). Parameters $1 to $4.
    /// </summary>
    public string Newest =>
        $"""
        SELECT e.*, txid_snapshot_xmin(txid_current_snapshot()) AS oldest
        FROM (SELECT 1) always
             LEFT JOIN (
                 SELECT {ExportStatements.InRange("l.exported_at")} AS exported_at,
                        {ExportStatements.InRange("coalesce(l.verified_at, l.exported_at)")} AS verified_at,
                        checksum, items, complete, rejected, xid, horizon, rows
                 FROM {At} l
                 WHERE {OfScope} AND refusal IS NULL
                 ORDER BY l.exported_at DESC
                 LIMIT 1
             ) e ON true
        """;

    /// <summary>
    /// The entry of rows that this transaction wrote; replaces one of the same snapshot time. Parameters $1 to $5, $6 checksum (null = read from a stream),
    /// $7 items, $8 complete (false = stale rows were not deleted), $9 inserted, $10 updated, $11 deleted, $12 adopted, $13 rejected, $14 duration_ms,
    /// $15 exporter, $16 horizon (read before the rows were compared), $17 rows of the scope afterwards. <c>xid</c> is the id of this transaction.
    /// </summary>
    public string Insert =>
        $"""
        INSERT INTO {At} ({Names})
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, NULL, $5, txid_current(), $16, $17)
        {OnConflict}
        """;

    /// <summary>
    /// The entry of an export that wrote nothing; never replaces one whose rows were written. Parameters $1 to $5, $6 checksum (null = read from a stream),
    /// $7 items, $8 complete, $9 rejected, $10 duration_ms, $11 exporter, $12 refusal.
    /// </summary>
    public string InsertRefused =>
        $"""
        INSERT INTO {At} AS e ({Names})
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, $9, $10, $11, $12, NULL, 0, 0, 0)
        {OnConflict}
        WHERE e.refusal IS NOT NULL
        """;

    /// <summary>
    /// The rows were found to be the snapshot of another time: moves the times of an entry, never backwards. Parameters $1 to $5 of the entry, $6 time of that
    /// snapshot, $7 checksum (null = unknown, the entry keeps its own), $8 horizon and $9 rows (null = the rows were not compared, the entry keeps its own).
    /// </summary>
    public string Verify =>
        $"""
        UPDATE {At}
        SET verified_at = greatest(verified_at, $6),
            checksum    = coalesce($7, checksum),
            horizon     = coalesce($8, horizon),
            rows        = coalesce($9, rows)
        WHERE {OfScope} AND exported_at = $5
        """;

    /// <summary>
    /// The other cluster labels of the inventory in this table that were exported within a day before, and have fewer rows there than they should: columns
    /// cluster, rows (that are gone), verified_at. Asked only after rows were adopted, because it counts those of the inventory. Parameters $1 to $4, $5 the
    /// time of the snapshot.
    /// </summary>
    public string TakenFrom =>
        $"""
        WITH live AS (
            SELECT DISTINCT ON (cluster) cluster, verified_at, CASE WHEN rows < 0 THEN items - rejected ELSE rows END AS rows
            FROM {At}
            WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster <> $4 AND refusal IS NULL
            ORDER BY cluster DESC, exported_at DESC
        ), held AS (
            SELECT cluster, count(*) AS rows
            FROM {Table}
            WHERE inventory_namespace = $2 AND inventory_name = $3 AND cluster <> $4
            GROUP BY cluster
        )
        SELECT l.cluster, l.rows - coalesce(h.rows, 0) AS rows, {ExportStatements.InRange("l.verified_at")} AS verified_at
        FROM live l
             LEFT JOIN held h ON h.cluster = l.cluster
        WHERE l.verified_at >= $5::timestamptz - interval '1 day' AND l.rows > coalesce(h.rows, 0)
        ORDER BY l.cluster
        """;

    /// <summary>Deletes the entries of a scope with a later time. Parameters $1 to $4, $5 the time.</summary>
    public string ForgetAfter =>
        $"""
        DELETE FROM {At}
        WHERE {OfScope} AND (exported_at > $5 OR verified_at > $5)
        """;

    /// <summary>
    /// Deletes old entries of a scope, but not the newest one of rows that are there; waits for no other session. Parameters $1 to $4, $5 age in seconds
    /// (float8), $6 most entries.
    /// </summary>
    public string Sweep =>
        $"""
        DELETE FROM {At}
        WHERE ctid = ANY (ARRAY(
            SELECT ctid
            FROM {At}
            WHERE {OfScope}
              AND exported_at < now() - make_interval(secs => $5)
              AND (refusal IS NOT NULL
                   OR exported_at < (SELECT max(exported_at) FROM {At} WHERE {OfScope} AND refusal IS NULL)
                   OR rows = 0 AND verified_at < now() - make_interval(secs => $5))
            ORDER BY exported_at
            LIMIT $6
            FOR UPDATE SKIP LOCKED
        ))
        """;

    /// <summary>
    /// Makes one entry of those that one exporter wrote within an hour: the last one, with the counts of all. Takes entries that are an hour to a day older
    /// than the newest one. Waits for no other session. Parameters $1 to $4, $5 exported_at of the newest entry, which stays as it is, $6 exporter.
    /// </summary>
    public string RollUp =>
        $"""
        WITH old AS (
            SELECT e.*, max(exported_at) OVER (PARTITION BY floor(extract(epoch FROM exported_at) / 3600)) AS last
            FROM (
                SELECT exported_at, {string.Join(", ", Counts)}
                FROM {At}
                WHERE {OfScope} AND refusal IS NULL AND exporter = $6
                  AND exported_at < $5::timestamptz - interval '1 hour' AND exported_at >= $5::timestamptz - interval '1 day'
                FOR UPDATE SKIP LOCKED
            ) e
        ), gone AS (
            DELETE FROM {At} l
            USING old o
            WHERE {OfScope} AND l.exported_at = o.exported_at AND o.exported_at < o.last
        )
        UPDATE {At} l
        SET {string.Join(",\n    ", Counts.Map(name => $"{name} = s.{name}"))}
        FROM (
            SELECT last, {string.Join(", ", Counts.Map(name => $"sum({name}) AS {name}"))}
            FROM old
            GROUP BY last
            HAVING count(*) > 1
        ) s
        WHERE {OfScope} AND l.exported_at = s.last
        """;

    /// <summary>True = after a difference of this time the entries before it are rolled up: about once in a minute.</summary>
    /// <param name="before">The time of the entry before.</param>
    public static bool RollsUp(DateTimeOffset before, DateTimeOffset time) =>
        before.UtcTicks / TimeSpan.TicksPerMinute != time.UtcTicks / TimeSpan.TicksPerMinute;

    /// <summary>True = after a difference of this time old entries of the scope are deleted: about once in an hour.</summary>
    /// <param name="before">The time of the entry before.</param>
    public static bool Sweeps(DateTimeOffset before, DateTimeOffset time) =>
        before.UtcTicks / TimeSpan.TicksPerHour != time.UtcTicks / TimeSpan.TicksPerHour;

    /// <summary>
    /// The scope after this one in the order of the key, of another table too; the first one after the last. No row = the ledger is empty. When each export
    /// sweeps that scope too, scopes without exports are swept. Columns: table_name, inventory_namespace, inventory_name, cluster. Parameters $1 to $4.
    /// </summary>
    public string NextScope
    {
        get
        {
            var scope = string.Join(", ", Key.Take(4));
            return
                $"""
                SELECT {scope}
                FROM (
                    (SELECT {scope}, 1 AS turn FROM {At} WHERE ({scope}) > ($1, $2, $3, $4) ORDER BY {scope} LIMIT 1)
                    UNION ALL
                    (SELECT {scope}, 2 AS turn FROM {At} ORDER BY {scope} LIMIT 1)
                ) n
                ORDER BY turn
                LIMIT 1
                """;
        }
    }

    /// <summary>The primary key of the entries of this scope fits into a row of an index.</summary>
    public bool Holds(Scope scope) => Limits.IndexRowBytes(Table.Name, scope.InventoryNamespace, scope.InventoryName, scope.Cluster) + TimeBytes
        <= Limits.MaxIndexRowBytes;

    // A timestamptz of 8 bytes, aligned to 8.
    private const int TimeBytes = 8;

    private const string OfScope = "table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4";

    private static Seq<string> Counts { get; } = Seq("inserted", "updated", "deleted", "adopted", "duration_ms");

    private static readonly string Names = string.Join(", ", Columns.Map(column => column.Name));

    private static readonly string OnConflict =
        $"""
        ON CONFLICT ({string.Join(", ", Key)}) DO UPDATE
            SET {string.Join(",\n        ", Assignments())}
        """;

    private static IEnumerable<string> Assignments()
    {
        var others = Columns.Skip(5).Map(column => column.Name);
        var width = others.Map(name => name.Length).Max();
        return others.AsEnumerable().Select(name => $"{name.PadRight(width)} = excluded.{name}");
    }

    private static OwnColumn Text(string name, bool isRequired = true) => Column(name, "text", "text", isRequired);

    private static OwnColumn Time(string name, bool isRequired = true) => Column(name, "timestamp with time zone", "timestamptz", isRequired);

    private static OwnColumn Number(string name) => Column(name, "bigint", "int8");

    private static OwnColumn Column(string name, string type, string catalogName, bool isRequired = true) =>
        new(name, type, catalogName, isRequired, LedgerTexts.Of(name));
}
