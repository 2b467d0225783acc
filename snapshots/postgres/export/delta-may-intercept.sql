SELECT c.relhastriggers OR c.relhasrules OR c.relhassubclass AS intercepts
FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2
