SELECT g.groupid                                                    AS group_id,
       p.partmethod::text                                           AS method,
       p.repmodel = 't'                                             AS replicated,
       column_to_column_name(p.logicalrelid, p.partkey::text)::text AS distribution_column
FROM pg_dist_local_group g
     LEFT JOIN (pg_dist_partition p
                JOIN pg_class c ON c.oid = p.logicalrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1 AND c.relname = $2) ON true
