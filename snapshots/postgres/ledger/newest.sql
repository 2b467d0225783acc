SELECT e.*, txid_snapshot_xmin(txid_current_snapshot()) AS oldest
FROM (SELECT 1) always
     LEFT JOIN (
         SELECT greatest('0001-01-01 00:00:00+00', least('9999-12-31 23:59:59.999999+00', l.exported_at)) AS exported_at,
                greatest('0001-01-01 00:00:00+00', least('9999-12-31 23:59:59.999999+00', coalesce(l.verified_at, l.exported_at))) AS verified_at,
                checksum, items, complete, rejected, xid, horizon, rows
         FROM "public"."kollect_exports" l
         WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4 AND refusal IS NULL
         ORDER BY l.exported_at DESC
         LIMIT 1
     ) e ON true
