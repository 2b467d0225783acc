namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// Read-only questions to the server's catalog; their answers become <see cref="Observed"/>. Parameters: $1 schema, $2 table.
/// Unlike <c>information_schema</c> the catalog also contains objects without privileges, so that every gap is reported at once.
/// Types, columns and keys are compared by columns of the catalog: texts such as <c>format_type</c>'s depend on settings of the session
/// (<c>quote_all_identifiers</c>) and are only shown.
/// </summary>
internal static class Catalog
{
    /// <summary>
    /// Columns: version, number. Asked first, because servers that only speak PostgreSQL's protocol lack parts of its catalog.
    /// </summary>
    public const string Engine = "SELECT version() AS version, current_setting('server_version_num')::int AS number";

    /// <summary>Columns: version, standby, read_only, encoding, schema_exists, can_use, can_create, can_temp.</summary>
    public const string Server =
        """
        SELECT current_setting('server_version')                     AS version,
               pg_is_in_recovery()                                   AS standby,
               current_setting('transaction_read_only')::bool        AS read_only,
               pg_encoding_to_char(d.encoding)::text                 AS encoding,
               n.oid IS NOT NULL                                     AS schema_exists,
               coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS can_use,
               coalesce(has_schema_privilege(n.oid, 'CREATE'), false) AS can_create,
               has_database_privilege(d.oid, 'TEMP')                 AS can_temp
        FROM pg_database d
             LEFT JOIN pg_namespace n ON n.nspname = $1
        WHERE d.datname = current_database()
        """;

    /// <summary>
    /// Columns: kind, can_delete, row_security, is_owner, unlogged, partition_of_schema, partition_of_table (null = no partition),
    /// strategy (pg_partitioned_table.partstrat; null = not partitioned), partition_key (text[], an expression stands as ''), partitions,
    /// no_replica_identity. No row: there is no such relation.
    /// </summary>
    public const string Table =
        """
        SELECT c.relkind::text                                                   AS kind,
               has_table_privilege(c.oid, 'DELETE')                              AS can_delete,
               c.relrowsecurity AND row_security_active(c.oid)                   AS row_security,
               pg_has_role(c.relowner, 'USAGE')                                  AS is_owner,
               c.relpersistence = 'u'                                            AS unlogged,
               un.nspname::text                                                  AS partition_of_schema,
               u.relname::text                                                   AS partition_of_table,
               p.partstrat::text                                                 AS strategy,
               ARRAY(SELECT coalesce(a.attname::text, '')
                     FROM generate_series(0, p.partnatts - 1) AS k
                          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[k]
                     ORDER BY k)                                                 AS partition_key,
               (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = c.oid)    AS partitions,
               CASE WHEN c.relkind = 'r' AND (c.relreplident = 'n' OR c.relreplident = 'd' AND NOT EXISTS (
                   SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary))
               THEN EXISTS (
                   SELECT FROM pg_publication_tables v JOIN pg_publication b ON b.pubname = v.pubname AND (b.pubupdate OR b.pubdelete)
                   WHERE v.schemaname = $1 AND v.tablename = $2)
               ELSE false END                                                    AS no_replica_identity
        FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
             LEFT JOIN pg_inherits h ON h.inhrelid = c.oid AND c.relispartition
             LEFT JOIN pg_class u ON u.oid = h.inhparent
             LEFT JOIN pg_namespace un ON un.oid = u.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    /// <summary>Columns: kind, columns (text[]). No row: there is no such relation.</summary>
    public const string View =
        """
        SELECT c.relkind::text AS kind,
               ARRAY(SELECT a.attname::text
                     FROM pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                     ORDER BY a.attnum) AS columns
        FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    /// <summary>Column: has_citus. Its catalogs are read only where they exist. No parameter.</summary>
    public const string HasCitus =
        """
        SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL
               AND to_regclass('pg_catalog.pg_dist_local_group') IS NOT NULL AS has_citus
        """;

    /// <summary>
    /// Columns: group_id, method (null = the table is not one of Citus), replicated, distribution_column (null = none), as the
    /// view <c>citus_tables</c> reads them.
    /// </summary>
    public const string Citus =
        """
        SELECT g.groupid                                                    AS group_id,
               p.partmethod::text                                           AS method,
               p.repmodel = 't'                                             AS replicated,
               column_to_column_name(p.logicalrelid, p.partkey::text)::text AS distribution_column
        FROM pg_dist_local_group g
             LEFT JOIN (pg_dist_partition p
                        JOIN pg_class c ON c.oid = p.logicalrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1 AND c.relname = $2) ON true
        """;

    /// <summary>
    /// Columns: name, type (for people), built_in (pg_type.typname of a type of pg_catalog, else ''), modifier, deterministic, not_null,
    /// has_default, generated, can_select, can_insert, can_update.
    /// </summary>
    public const string Columns =
        """
        SELECT a.attname::text                                                        AS name,
               format_type(a.atttypid, a.atttypmod)                                   AS type,
               CASE WHEN tn.nspname = 'pg_catalog' THEN t.typname::text ELSE '' END   AS built_in,
               a.atttypmod                                                            AS modifier,
               coalesce(l.collisdeterministic, true)                                  AS deterministic,
               a.attnotnull OR t.typnotnull                                           AS not_null,
               (a.atthasdef AND a.attgenerated = '') OR a.attidentity <> '' OR t.typdefault IS NOT NULL AS has_default,
               a.attgenerated <> '' OR a.attidentity = 'a'                            AS generated,
               has_column_privilege(c.oid, a.attnum, 'SELECT')                        AS can_select,
               has_column_privilege(c.oid, a.attnum, 'INSERT')                        AS can_insert,
               has_column_privilege(c.oid, a.attnum, 'UPDATE')                        AS can_update
        FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             JOIN pg_type t ON t.oid = a.atttypid
             JOIN pg_namespace tn ON tn.oid = t.typnamespace
             LEFT JOIN pg_collation l ON l.oid = a.attcollation
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')
        ORDER BY a.attnum
        """;

    /// <summary>Columns: name, columns (text[], an expression stands as ''), usable, deterministic.</summary>
    public const string UniqueIndexes =
        """
        SELECT i.relname::text AS name,
               ARRAY(SELECT coalesce(a.attname::text, '')
                     FROM generate_series(0, x.indnkeyatts - 1) AS k
                          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[k]
                     ORDER BY k)                                              AS columns,
               x.indisvalid AND x.indimmediate AND x.indpred IS NULL          AS usable,
               NOT EXISTS (SELECT FROM generate_series(0, x.indnkeyatts - 1) AS k
                                JOIN pg_collation l ON l.oid = x.indcollation[k] AND NOT l.collisdeterministic) AS deterministic
        FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_index x ON x.indrelid = c.oid AND x.indisunique
             JOIN pg_class i ON i.oid = x.indexrelid
        WHERE n.nspname = $1 AND c.relname = $2
        ORDER BY i.relname
        """;

    /// <summary>
    /// Columns: type (pg_constraint.contype), name, schema, table (that the constraint belongs to), definition (for people). CHECK,
    /// exclusion and foreign keys of the table, and foreign keys of other tables that refer to it (type R).
    /// </summary>
    public const string Constraints =
        """
        SELECT CASE WHEN k.conrelid = c.oid THEN k.contype::text ELSE 'R' END AS type,
               k.conname::text                                                AS name,
               onn.nspname::text                                              AS schema,
               o.relname::text                                                AS table,
               pg_get_constraintdef(k.oid)                                    AS definition
        FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('c', 'x', 'f')
                                  OR k.confrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0
             JOIN pg_class o ON o.oid = k.conrelid
             JOIN pg_namespace onn ON onn.oid = o.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
        ORDER BY type, schema, "table", name
        """;

    /// <summary>
    /// Columns: type (trigger, rule or child), schema, table, name, per_row, before, fires. What can skip or alter rows on their way into
    /// the table, of its partitions too; the server's own triggers, for foreign keys and deferred constraints, are left out. Asked again
    /// by each export after its writes: from the first of them on, its lock keeps triggers and rules from being created.
    /// </summary>
    public const string Interceptors =
        """
        WITH RECURSIVE tree AS (
            SELECT c.oid, c.relkind, 0 AS level
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname = $2
            UNION
            SELECT i.inhrelid, tree.relkind, tree.level + 1
            FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
        ), found AS (
            -- pg_trigger.h: 1 row, 2 before, 4 insert, 8 delete, 16 update, 64 instead of
            SELECT 'trigger' AS type, tree.oid, t.tgname::text AS name, t.tgtype & 1 <> 0 AS per_row, t.tgtype & 66 <> 0 AS before,
                   t.tgenabled = 'A'
                   OR t.tgenabled = CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END AS fires
            FROM tree JOIN pg_trigger t ON t.tgrelid = tree.oid
            WHERE NOT t.tgisinternal AND t.tgtype & 28 <> 0
              -- a partition repeats the triggers of its table
              AND (tree.level = 0 OR NOT EXISTS (
                  SELECT FROM tree root JOIN pg_trigger r ON r.tgrelid = root.oid
                  WHERE root.level = 0 AND r.tgname = t.tgname AND r.tgfoid = t.tgfoid))
            UNION ALL
            SELECT 'rule', tree.oid, r.rulename::text, false, true,
                   r.ev_enabled = 'A'
                   OR r.ev_enabled = CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END
            FROM tree JOIN pg_rewrite r ON r.ev_class = tree.oid
            WHERE tree.level = 0 AND r.ev_type <> '1'
            UNION ALL
            SELECT 'child', tree.oid, '', false, false, true
            FROM tree
            WHERE tree.relkind = 'r' AND tree.level > 0
        )
        SELECT f.type, n.nspname::text AS schema, c.relname::text AS table, f.name, f.per_row, f.before, f.fires
        FROM found f
             JOIN pg_class c ON c.oid = f.oid
             JOIN pg_namespace n ON n.oid = c.relnamespace
        ORDER BY f.type, schema, "table", f.name
        """;
}
