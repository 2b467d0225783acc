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
