SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL
       AND to_regclass('pg_catalog.pg_dist_local_group') IS NOT NULL AS has_citus
