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
