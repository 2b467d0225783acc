SELECT count(*)                                  AS rows,
       max(greatest('0001-01-01 00:00:00+00', least('9999-12-31 23:59:59.999999+00', exported_at))) AS newest,
       count(*) FILTER (WHERE ((xmin::text::bigint - $5) & 4294967295) < 2147483648
                   AND xmin::text::bigint <> ALL (ARRAY(
                       SELECT xid & 4294967295
                       FROM "public"."kollect_exports"
                       WHERE table_name = $4 AND inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3 AND refusal IS NULL AND xid >= $5
                   ))) AS touched
FROM "public"."inventory_items"
WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
