SELECT c.relkind::text                            AS kind,
       has_table_privilege(c.oid, 'DELETE')       AS can_delete,
       c.relrowsecurity AND row_security_active(c.oid) AS row_security
FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2
