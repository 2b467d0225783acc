SELECT target_name, source_uid
FROM "public"."inventory_items"
WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
  AND ((xmin::text::bigint - $5) & 4294967295) < 2147483648
      AND xmin::text::bigint <> ALL (ARRAY(
          SELECT xid & 4294967295
          FROM "public"."kollect_exports"
          WHERE table_name = $4 AND inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3 AND refusal IS NULL AND xid >= $5
      ))
LIMIT $6
