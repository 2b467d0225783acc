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
