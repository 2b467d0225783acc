SELECT a.pid, a.application_name, extract(epoch FROM now() - a.xact_start)::float8 AS seconds
FROM pg_locks l
     JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'relation' AND l.granted AND l.mode <> 'AccessShareLock' AND l.pid <> pg_backend_pid()
  AND l.relation = (SELECT c.oid
                    FROM pg_class c
                         JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = $1 AND c.relname = $2)
ORDER BY a.xact_start
LIMIT 3
