SELECT a.pid, a.application_name, extract(epoch FROM now() - a.xact_start)::float8 AS seconds
FROM pg_locks l
     JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended($1, 0) AND l.objsubid = 1
ORDER BY a.xact_start
LIMIT 3
