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
