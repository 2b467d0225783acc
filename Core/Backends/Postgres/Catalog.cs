namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// Read-only questions to the server's catalog; their answers become <see cref="Observed"/>. Parameters: $1 schema, $2 table.
/// Unlike <c>information_schema</c> the catalog also contains objects without privileges, so that every gap is reported at once.
/// </summary>
public static class Catalog
{
    /// <summary>Columns: version, read_only, schema_exists, can_use, can_create, can_temp.</summary>
    public const string Server =
        """
        SELECT current_setting('server_version')                                    AS version,
               pg_is_in_recovery() OR current_setting('transaction_read_only')::bool AS read_only,
               n.oid IS NOT NULL                                                    AS schema_exists,
               coalesce(has_schema_privilege(n.oid, 'USAGE'), false)                AS can_use,
               coalesce(has_schema_privilege(n.oid, 'CREATE'), false)               AS can_create,
               has_database_privilege(d.oid, 'TEMP')                                AS can_temp
        FROM pg_database d
             LEFT JOIN pg_namespace n ON n.nspname = $1
        WHERE d.datname = current_database()
        """;

    /// <summary>Columns: kind, can_delete, row_security. No row: there is no such relation.</summary>
    public const string Table =
        """
        SELECT c.relkind::text                            AS kind,
               has_table_privilege(c.oid, 'DELETE')       AS can_delete,
               c.relrowsecurity AND row_security_active(c.oid) AS row_security
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

    /// <summary>Columns: name, type, not_null, has_default, generated, can_select, can_insert, can_update.</summary>
    public const string Columns =
        """
        SELECT a.attname::text                                                        AS name,
               format_type(a.atttypid, a.atttypmod)                                   AS type,
               a.attnotnull                                                           AS not_null,
               (a.atthasdef AND a.attgenerated = '') OR a.attidentity <> ''           AS has_default,
               a.attgenerated <> '' OR a.attidentity = 'a'                            AS generated,
               has_column_privilege(c.oid, a.attnum, 'SELECT')                        AS can_select,
               has_column_privilege(c.oid, a.attnum, 'INSERT')                        AS can_insert,
               has_column_privilege(c.oid, a.attnum, 'UPDATE')                        AS can_update
        FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')
        ORDER BY a.attnum
        """;

    /// <summary>Columns: name, columns (text[], an expression stands as ''), usable.</summary>
    public const string UniqueIndexes =
        """
        SELECT i.relname::text AS name,
               ARRAY(SELECT coalesce(a.attname::text, '')
                     FROM generate_series(0, x.indnkeyatts - 1) AS k
                          LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[k]
                     ORDER BY k)                                              AS columns,
               x.indisvalid AND x.indimmediate AND x.indpred IS NULL          AS usable
        FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_index x ON x.indrelid = c.oid AND x.indisunique
             JOIN pg_class i ON i.oid = x.indexrelid
        WHERE n.nspname = $1 AND c.relname = $2
        ORDER BY i.relname
        """;
}
