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
