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
